// Package cloudwatch has the CloudWatch resource type: the alarm.
//
// Listing alarms shows no tags, and reading them costs a call per alarm, so an alarm's
// name says who owns it, as that of a log group does.
//
// It imports engine, gate and tagindex. To add a type of CloudWatch, add a file beside
// alarm.go. Existing alarms that a file names are in internal/aws/existing.
package cloudwatch
