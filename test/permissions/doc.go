// Package permissions makes docs/permissions.md: the IAM policies that berth
// needs, read from the calls in its source, with the further permissions that
// AWS requires for them. It tests them with a project's life in the sandbox
// under these policies. It may import everything; for a new command that calls
// AWS, add a step to the life in permissions_test.go.
package permissions

//go:generate go test -count=1 -run TestPermissions . -update
