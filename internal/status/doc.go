// Package status reads what runs: services and their tasks, and their log lines. It
// changes nothing. Why something does not run is the question of internal/why.
//
// It may import internal/engine, internal/clock and the SDK's clients.
package status
