// Package naming makes names that say whose object it is, within a limit of characters. It
// imports nothing of berth.
package naming
