package existing

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Bucket is an existing bucket.
type Bucket struct {
	// Key is the KMS key that its objects are encrypted with, as an ARN which may
	// end in a wildcard; empty for S3's own keys.
	Key string
}

// bucket checks that S3 Files can use a bucket: it must be in this account and
// region, keep versions, and have an encryption that S3 Files supports.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
func (r *reader) bucket(ctx context.Context, name string) error {
	head, err := r.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &name, ExpectedBucketOwner: &r.names.Account})
	switch {
	case gate.IsNotFound(err):
		r.problem(KeyBucket, name, makeBucket(name, r.names.Region), "there is no such bucket")
		return nil
	case isElsewhere(err):
		r.problem(KeyBucket, name, "use a bucket in this region, or deploy to the bucket's region", "it is not in %s", r.names.Region)
		return nil
	case engine.ClassOf(err) == engine.Denied:
		r.problem(KeyBucket, name, "use a bucket of this account, or allow the caller s3:ListBucket on it", "it belongs to another account, or the caller is not allowed to see it")
		return nil
	case err != nil:
		return err
	}
	if region := aws.ToString(head.BucketRegion); region != "" && region != r.names.Region {
		r.problem(KeyBucket, name, "use a bucket in this region, or deploy to that one", "it is in %s, not in %s", region, r.names.Region)
		return nil
	}
	versions, err := r.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &name, ExpectedBucketOwner: &r.names.Account})
	if err != nil {
		return err
	}
	if versions.Status != types.BucketVersioningStatusEnabled {
		r.problem(KeyBucket, name, "aws s3api put-bucket-versioning --bucket "+name+" --versioning-configuration Status=Enabled",
			"S3 Files needs a bucket with versioning, and this one has it off")
	}
	return r.encryption(ctx, name)
}

// makeBucket is what to do if a bucket does not exist.
func makeBucket(name, region string) string {
	return "create it first, berth creates no buckets: aws s3 mb s3://" + name + " --region " + region
}

// isElsewhere says that a bucket is in another region.
func isElsewhere(err error) bool {
	code := gate.Code(err)
	return code == "MovedPermanently" || code == "PermanentRedirect" || code == "BadRequest"
}

func (r *reader) encryption(ctx context.Context, name string) error {
	out, err := r.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &name, ExpectedBucketOwner: &r.names.Account})
	if gate.Code(err) == "ServerSideEncryptionConfigurationNotFoundError" {
		out, err = &s3.GetBucketEncryptionOutput{}, nil
	}
	if err != nil {
		return err
	}
	var b Bucket
	if c := out.ServerSideEncryptionConfiguration; c != nil && len(c.Rules) > 0 {
		if d := c.Rules[0].ApplyServerSideEncryptionByDefault; d != nil {
			switch d.SSEAlgorithm {
			case types.ServerSideEncryptionAwsKms:
				b.Key = keyARN(r.names, aws.ToString(d.KMSMasterKeyID))
			case types.ServerSideEncryptionAwsKmsDsse:
				r.problem(KeyBucket, name, "use a bucket with SSE-S3 or SSE-KMS", "S3 Files cannot use its encryption %s", d.SSEAlgorithm)
			}
		}
	}
	r.facts(func(f *Facts) {
		if f.Buckets == nil {
			f.Buckets = map[string]Bucket{}
		}
		f.Buckets[name] = b
	})
	return nil
}

// keyARN returns a KMS key as a policy names it. A policy cannot name an alias:
// for one it returns a wildcard for all of the account's keys, which the policy
// limits to this bucket.
func keyARN(n Names, id string) string {
	account := "arn:" + n.Partition + ":kms:" + n.Region + ":" + n.Account + ":"
	switch {
	case strings.HasPrefix(id, "arn:") && strings.Contains(id, ":key/"):
		return id
	case id == "", strings.Contains(id, "alias/"):
		return account + "key/*"
	}
	return account + "key/" + id
}
