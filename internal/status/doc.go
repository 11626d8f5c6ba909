// Package status looks at what runs: services and their tasks, their log lines,
// and why one does not run. It only reads.
//
// It may import internal/engine, internal/clock and the SDK's clients. A new
// cause of failure that it should recognise is a row in diagnose.go.
package status
