// Package values compares the values of attributes and decides what may be shown:
// which paths inside of two values differ, and which texts look like credentials.
//
// It may import internal/credential and nothing else of berth.
package values
