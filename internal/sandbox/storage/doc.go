// Package storage is the sandbox's S3, and the file systems of EFS and S3 Files.
//
// Both kinds of file systems have mount targets and access points; what they have in
// common is in objects.go and targets.go. Mount is what a task of ECS calls when it
// starts.
//
// It imports package world only.
package storage
