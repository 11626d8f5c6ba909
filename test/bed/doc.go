// Package bed is a test bench: whole runs of berth, as a process makes them,
// against an AWS in memory and in a time that is a model.
//
// A Bed is one account. A Process is one start of berth: an open project that
// remembers nothing of earlier ones, on a host of its own unless told otherwise.
// Both are front ends of internal/deploy, as the command line is. Everything must run inside a testing/synctest bubble; only App,
// which reads files, must not.
//
// It may import everything; only tests import it.
package bed
