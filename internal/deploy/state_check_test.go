package deploy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestAChangedStateBucketIsNoticed changes each setting of the state's bucket:
// a plan and an up that changes something say which, and how to set it back.
func TestAChangedStateBucketIsNoticed(t *testing.T) {
	t.Parallel()
	a, next := bed.App(t, pair), bed.App(t, alone)
	changes := map[string]struct {
		change func(t *testing.T, c *s3.Client, bucket *string) error
		want   string // empty: nothing to say
	}{
		"nothing": {func(*testing.T, *s3.Client, *string) error { return nil }, ""},
		"versioning": {func(t *testing.T, c *s3.Client, bucket *string) error {
			t.Helper()
			_, err := c.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: bucket,
				VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}})
			return err
		}, "put-bucket-versioning"},
		"public access": {func(t *testing.T, c *s3.Client, bucket *string) error {
			t.Helper()
			_, err := c.PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{Bucket: bucket,
				PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)}})
			return err
		}, "put-public-access-block"},
		"ownership": {func(t *testing.T, c *s3.Client, bucket *string) error {
			t.Helper()
			_, err := c.PutBucketOwnershipControls(t.Context(), &s3.PutBucketOwnershipControlsInput{Bucket: bucket,
				OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipObjectWriter}}}})
			return err
		}, "put-bucket-ownership-controls"},
		"a policy that allows": {policy(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}`), "delete-bucket-policy"},
		"a policy that denies": {policy(`{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`), ""},
	}
	for name, tt := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				bucket := aws.String("berth-" + b.World.Account() + "-" + b.World.Region())
				if err := tt.change(t, s3.NewFromConfig(b.World.Config()), bucket); err != nil {
					t.Fatal(err)
				}
				for verb, req := range map[string]deploy.Request{
					"plan": {ReadOnly: true}, "infra status": {Deep: true, ReadOnly: true, Lenient: true}, "up": {}, "down": {Down: true},
				} {
					p, err := b.Start(t.Context(), next)
					if err != nil {
						t.Fatal(err)
					}
					prepared, err := p.Plan(t.Context(), req)
					if err != nil {
						t.Fatal(err)
					}
					var said []string
					for _, n := range prepared.Notices {
						if strings.Contains(n.Text, *bucket) {
							said = append(said, n.Text)
						}
					}
					if tt.want == "" && len(said) > 0 || tt.want != "" && (len(said) != 1 || !strings.Contains(said[0], tt.want)) {
						t.Errorf("%s says %q, want %q", verb, said, tt.want)
					}
					if !slices.Equal(prepared.Unsafe, said) {
						t.Errorf("%s has %q apart, want %q", verb, prepared.Unsafe, said)
					}
				}
			})
		})
	}
}

func policy(text string) func(*testing.T, *s3.Client, *string) error {
	return func(t *testing.T, c *s3.Client, bucket *string) error {
		t.Helper()
		_, err := c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &text})
		return err
	}
}
