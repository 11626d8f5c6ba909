// Package permissions makes docs/permissions.md: the IAM policy that berth
// needs, taken from the sandbox's record of every call of a project's life. It
// may import everything; a new verb that calls AWS is a step of the life in
// permissions_test.go.
package permissions

//go:generate go test -count=1 -run TestPermissions . -update
