// Package overlay writes the Compose text of an overlay that berth offers: what to
// take out of the project's files, and what to put in its place.
//
// It imports nothing of berth.
package overlay
