// Package program is the program berth-operator: its flags, how it finds
// Kubernetes and AWS, how it ends. It is a program of its own so that the
// command line carries none of Kubernetes' libraries; `berth operator` starts
// it.
//
// It may import the packages of the operator, internal/sandbox and
// internal/interrupt. A new setting is a field of operator.Options and a flag
// here.
package program
