// Package s3files holds the resource types of Amazon S3 Files: a file system on
// a bucket that exists, its mount targets, and an access point for each volume.
// Nothing here makes, changes or deletes a bucket or an object. It may import
// internal/engine, internal/clock, internal/aws/gate, internal/aws/nfs and
// internal/aws/roles.
// A new type is a new file beside access_point.go and a line in
// internal/aws/types.go.
package s3files
