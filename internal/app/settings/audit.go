package settings

import "strings"

// The values of exec_audit besides a bucket.
const (
	ExecLogs = "logs"
	ExecNone = "none"
)

// AuditBucket is the bucket of exec_audit, with the prefix of the objects in it; ok is
// false if sessions are logged elsewhere, or nowhere.
func AuditBucket(audit string) (bucket AuditPlace, ok bool) {
	rest, ok := strings.CutPrefix(audit, "s3://")
	bucket.Bucket, bucket.Prefix, _ = strings.Cut(rest, "/")
	bucket.Prefix = strings.TrimSuffix(bucket.Prefix, "/")
	return bucket, ok
}

// AuditPlace is a place in a bucket.
type AuditPlace struct{ Bucket, Prefix string }
