// Package bench measures whole runs in a modelled AWS: the time that they take
// there, which is an exact number on every machine, and the calls that they
// make. The tests assert the bounds; TestBench* print the figures of
// docs/benchmarks.md, with -v.
//
// It may import everything. A new figure is a new TestBench function and a row
// in docs/benchmarks.md.
package bench
