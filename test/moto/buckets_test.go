package moto

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestBucketIsLookedAt: moto has no S3 Files, but it has the buckets of
// volumes. berth checks them over the wire before it plans.
func TestBucketIsLookedAt(t *testing.T) {
	t.Parallel()
	m := start(t)
	dir := project(t, `
name: gallery
services: {web: {image: "nginx:1.29", expose: ["80"], volumes: ["pictures:/pictures"]}}
volumes: {pictures: {}}
x-berth: {volumes: {pictures: {bucket: my-pictures}}}
`)
	api := m.clients().S3
	fails := func(want string) {
		t.Helper()
		r := m.berth(t, dir, "plan")
		r.mustExit(t, 1)
		if !strings.Contains(r.talk, want) {
			t.Errorf("it says %q, want %q", r.talk, want)
		}
	}
	fails("my-pictures: there is no such bucket")
	if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String("my-pictures"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-central-1"},
	}); err != nil {
		t.Fatal(err)
	}
	fails("aws s3api put-bucket-versioning --bucket my-pictures")
	if _, err := api.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String("my-pictures"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}); err != nil {
		t.Fatal(err)
	}
	m.berth(t, dir, "plan").mustExit(t, 0)
}

// loosened switches off versioning of the state bucket: infra status and auth
// must say so, and how to restore it.
func (m *server) loosened(t *testing.T, dir string) {
	t.Helper()
	api, bucket := m.clients().S3, aws.String("berth-123456789012-eu-central-1")
	set := func(status types.BucketVersioningStatus) {
		_, err := api.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: status},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	says := func(want bool) {
		for _, args := range [][]string{{"infra", "status"}, {"auth"}} {
			r := m.berth(t, dir, args...)
			r.mustExit(t, 0)
			if strings.Contains(r.talk, "put-bucket-versioning --bucket "+*bucket) != want {
				t.Errorf("%v says, want %t:\n%s", args, want, r.talk)
			}
		}
	}
	says(false)
	set(types.BucketVersioningStatusSuspended)
	says(true)
	set(types.BucketVersioningStatusEnabled)
}
