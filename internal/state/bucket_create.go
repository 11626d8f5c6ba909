package state

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// keepVersions is how long S3 keeps a record that was overwritten.
const keepVersions = 30

// marker is the object that says that the bucket has been secured.
const marker = "bucket.json"

// ensure creates and secures the bucket unless that has been done: a run that
// died on the way left no marker, so the next one does it all again.
func (b *Bucket) ensure(ctx context.Context) error {
	if b.secured() {
		return nil
	}
	_, err := b.Get(ctx, marker)
	var missing *MissingError
	if !errors.As(err, &missing) {
		return err
	}
	if err := b.create(ctx); err != nil {
		return err
	}
	err = b.patiently(ctx, func() error {
		_, err := b.put(ctx, marker, []byte(`{"schema": 1}`), Condition{})
		return err
	})
	if err != nil {
		return b.explain("writing", marker, err)
	}
	b.learn()
	return nil
}

// create makes the bucket and secures it; every step may be repeated.
func (b *Bucket) create(ctx context.Context) error {
	name, owner := aws.String(b.Name()), aws.String(b.Account)
	in := &s3.CreateBucketInput{Bucket: name, ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}
	if b.Region != "us-east-1" { // which is the only region that refuses its own name
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(b.Region),
		}
	}
	b.begin()
	err := b.patiently(ctx, func() error {
		_, err := b.API.CreateBucket(ctx, in)
		if codeOf(err) == "BucketAlreadyOwnedByYou" {
			return nil
		}
		return err
	})
	if err != nil {
		return b.explain("creating", "", err)
	}
	yes := aws.Bool(true)
	steps := []struct {
		what string
		call func() error
	}{
		{"blocking public access", func() error {
			_, err := b.API.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
				Bucket: name, ExpectedBucketOwner: owner,
				PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
					BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: yes,
				},
			})
			return err
		}},
		{"switching versioning on", func() error {
			_, err := b.API.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
				Bucket: name, ExpectedBucketOwner: owner,
				VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
			})
			return err
		}},
		{"switching encryption on", func() error {
			_, err := b.API.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
				Bucket: name, ExpectedBucketOwner: owner,
				ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
					Rules: []types.ServerSideEncryptionRule{{
						ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
							SSEAlgorithm: types.ServerSideEncryptionAes256,
						},
					}},
				},
			})
			return err
		}},
		{"limiting old versions", func() error {
			_, err := b.API.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
				Bucket: name, ExpectedBucketOwner: owner,
				LifecycleConfiguration: lifecycle(),
			})
			return err
		}},
	}
	for _, step := range steps {
		if err := b.patiently(ctx, step.call); err != nil {
			return fmt.Errorf("state: %s for %s: %w", step.what, b.Where(), err)
		}
	}
	return nil
}

// lifecycle deletes old versions of records, uploads that berth has not deleted
// itself, and the parts of those that were cut short.
func lifecycle() *types.BucketLifecycleConfiguration {
	return &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
		ID: aws.String("berth-old-versions"), Status: types.ExpirationStatusEnabled,
		Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{
			NoncurrentDays: aws.Int32(keepVersions),
		},
	}, {
		ID: aws.String("berth-builds"), Status: types.ExpirationStatusEnabled,
		Filter:                      &types.LifecycleRuleFilter{Prefix: aws.String(uploads)},
		Expiration:                  &types.LifecycleExpiration{Days: aws.Int32(uploadDays)},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1)},
		AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{
			DaysAfterInitiation: aws.Int32(1),
		},
	}}}
}
