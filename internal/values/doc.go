// Package values compares the values of attributes and says what may be shown of
// them: which paths within two values differ, and which texts look like
// credentials.
//
// It may import internal/credential and nothing else of berth.
package values
