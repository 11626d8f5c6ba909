// Package logs has the CloudWatch Logs resource type: the log group.
//
// Listing log groups shows no tags, and reading them costs a call per group, so
// a group's name says who owns it.
//
// It imports engine and gate. To add a type of CloudWatch Logs, add a file
// beside log_group.go. This package does not read log lines.
package logs
