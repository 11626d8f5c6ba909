// Package logs has the CloudWatch Logs resource type: the log group.
//
// Listing log groups shows no tags, and reading them costs a call per group, so
// a group says whose it is by its name.
//
// It imports engine and call. Another type of CloudWatch Logs is a file of its
// own beside log_group.go. Reading log lines is not a resource's work.
package logs
