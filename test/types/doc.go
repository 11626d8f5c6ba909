// Package types checks that every resource type is complete: that it has a life
// test with crash points, and a row in docs/resource-types.md, which this
// package writes. test/permissions checks that the sandbox answers its calls
// and that the policies allow them. It may import everything.
package types

//go:generate go test -count=1 -run TestTypesPage . -update
