// Package bed is a test bench: whole runs of berth, as a process makes them,
// against an AWS in memory and in modelled time.
//
// A Bed is one account. A Process is one start of berth: an open project without memory of
// earlier ones, on its own host unless a test names one. Both are front ends of
// internal/deploy, as the command line is. Everything must run inside a testing/synctest
// bubble; only App, which reads files, must not.
//
// It may import everything; only tests import it.
package bed
