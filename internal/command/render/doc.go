// Package render turns what a verb found into text: JSON with its version, tables,
// and the short forms of ids, images and times. It prints nothing itself.
//
// It imports internal/terminal only.
package render
