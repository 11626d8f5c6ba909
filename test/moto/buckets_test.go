package moto

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// TestBucketIsLookedAt: moto has no S3 Files, but the buckets that volumes are
// on. They are checked over the wire before anything is planned.
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

// loosened takes the versions off the state's bucket: infra status and auth say
// so, and how to set it back.
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
