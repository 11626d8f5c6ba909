// Package progress renders what happens during a run: a live tree on a
// terminal, plain timestamped lines in a pipe, or JSON lines.
//
// It may import internal/engine, internal/status and internal/clock. A new kind
// of output is a file beside plain.go with a Renderer, and a line in New.
package progress
