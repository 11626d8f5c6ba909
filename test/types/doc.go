// Package types checks that nothing was forgotten of a resource type: a life
// test with crash points, and a row in docs/resource-types.md, which it writes.
// That the sandbox answers its calls and that the policies allow them is the
// business of test/permissions. It may import everything.
package types

//go:generate go test -count=1 -run TestTypesPage . -update
