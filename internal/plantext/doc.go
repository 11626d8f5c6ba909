// Package plantext renders plans: as text for users, and as records for programs.
// The words for every engine.Cause are in words.go and nowhere else.
//
// It may import internal/engine and internal/clock. A new cause is a constant in engine/cause.go
// and a row in words.go.
package plantext
