// Package status reads what runs: services and their tasks, their log lines, and
// why a service does not run. It changes nothing.
//
// It may import internal/engine, internal/clock and the SDK's clients. A new
// cause of failure that it should recognise is a row in diagnose.go.
package status
