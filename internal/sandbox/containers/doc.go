// Package containers says what the containers of an image do, and what they log: the
// sandbox runs no programs.
//
// It may import internal/sandbox/logs. A new image is a case in images.go and a row in
// docs/rehearse.md.
package containers
