package command_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/sandbox"
)

// bucket makes a bucket that is not berth's, without versioning: bucket NAME;
// bucket NAME versions switches versioning on.
func bucket(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: bucket NAME [versions]")
	}
	inWorld(ts, func(w *sandbox.World, _ *route53.Client) {
		ctx, api := context.Background(), s3.NewFromConfig(w.Config())
		if len(args) == 1 {
			_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &args[0], CreateBucketConfiguration: &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(w.Region()),
			}})
			ts.Check(err)
			return
		}
		_, err := api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket: &args[0], VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		ts.Check(err)
	})
}
