// Package logs is the sandbox's CloudWatch Logs.
//
// What PutLogEvents wrote is stored. What a container says is a Script, from which
// its lines are computed when they are read, so that a service which has run for a
// month costs no more memory than a young one.
//
// It imports package world only.
package logs
