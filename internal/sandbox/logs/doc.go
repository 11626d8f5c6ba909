// Package logs is the sandbox's CloudWatch Logs.
//
// Lines from PutLogEvents are stored. A container's lines are computed from a
// Script when they are read, so that a service that has run for a month needs no
// more memory than a new one.
//
// It only imports package world.
package logs
