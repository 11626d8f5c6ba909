// Package permissions makes docs/permissions.md: the IAM policies that berth
// needs, read off the calls in its source, with what AWS demands beside them. It
// proves them by a project's life in the sandbox under these policies. It may
// import everything; a new verb that calls AWS is a step of the life in
// permissions_test.go.
package permissions

//go:generate go test -count=1 -run TestPermissions . -update
