// Package shell is the shell of the sandbox's containers: it runs a command on a
// modelled terminal, with a few modelled programs, on files that only exist in memory.
// Nothing of this computer is read, changed or run.
//
// The language is POSIX's, interpreted by mvdan.cc/sh. programs.go lists the programs.
// To add one, write a function and a line there. It imports only concurrent.
package shell
