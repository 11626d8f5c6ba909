// Package plantext renders plans: for users by the parts that they think of
// (Overview) or by resource (Plan), and as records for programs. The words for every
// engine.Cause are in words.go, those for every resource type in nouns.go, and
// nowhere else.
//
// Overview takes the parts from package outline, which knows the files. Colours are
// left to the caller: a Line only has a Tone.
//
// It may import internal/engine and internal/clock. A new cause is a constant in engine/cause.go
// and a row in words.go.
package plantext
