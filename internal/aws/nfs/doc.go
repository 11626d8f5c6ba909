// Package nfs is what Amazon EFS and S3 Files have in common: file systems with
// mount targets and access points. A service translates what it lists into
// Target and Point; the functions here find out which resources those are, poll
// them, and go on with what an earlier call has made. The package may import
// internal/engine and internal/aws/gate. A third kind of file server would use it too.
package nfs
