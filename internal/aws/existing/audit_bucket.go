package existing

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/aws/gate"
)

// auditBucket checks that there is a bucket for the logs of sessions, and that it is this
// account's: whoever owns it reads what was typed. If the caller may not see it, the right
// to write, which holds for this account's buckets alone, is what is left.
func (r *reader) auditBucket(ctx context.Context) error {
	name := r.names.AuditBucket
	_, err := r.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name, ExpectedBucketOwner: &r.names.Account})
	switch {
	case gate.IsNotFound(err):
		r.problem(KeyAuditBucket, name, makeBucket(name, r.names.Region), "there is no such bucket")
		return nil
	case isElsewhere(err):
		return nil // it is in another region, where ECS finds it
	}
	return err
}
