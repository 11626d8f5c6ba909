// Package bench measures whole runs in a modelled AWS: their modelled time,
// which is the same on every machine, and their calls. The tests assert the
// bounds; TestBench* print the figures of docs/benchmarks.md, with -v.
//
// It may import everything. To add a figure, add a TestBench function and a row
// in docs/benchmarks.md.
package bench
