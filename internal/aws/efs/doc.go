// Package efs holds the resource types of Amazon EFS: the file system of an
// environment, its mount targets, and an access point for each volume. It may
// import internal/engine, internal/clock, internal/aws/gate, internal/aws/nfs
// and internal/aws/tagindex. A new type is a new file beside access_point.go and
// a line in internal/aws/types.go.
package efs
