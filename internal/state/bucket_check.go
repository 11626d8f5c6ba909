package state

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/concurrent"
)

// Check returns what has changed in the bucket's security since berth made it, and
// how to set it back: versioning, the block of public access, the ownership of
// objects and the policy. It leaves out what the caller may not read, and returns
// nothing if there is no bucket. The calls run side by side. Encryption is not
// asked for: S3 encrypts every object, and nobody can switch that off.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
func (b *Bucket) Check(ctx context.Context) []string {
	checks := []func(context.Context) string{b.checkVersions, b.checkPublic, b.checkOwnership, b.checkPolicy}
	out := make([]string, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() {
			err := concurrent.Safely(func() error {
				out[i] = check(ctx)
				return nil
			})
			if err != nil {
				out[i] = b.Where() + ", where the locks are, could not be checked: " + err.Error()
			}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// remark is one thing that is wrong, with the command that mends it.
func (b *Bucket) remark(what, mend string) string {
	return b.Where() + ", where the locks are, " + what + "; set it back: aws s3api " + mend
}

func (b *Bucket) checkVersions(ctx context.Context) string {
	out, err := b.API.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if err != nil || out.Status == types.BucketVersioningStatusEnabled {
		return ""
	}
	return b.remark("no longer keeps old versions",
		"put-bucket-versioning --bucket "+b.Name()+" --versioning-configuration Status=Enabled")
}

func (b *Bucket) checkPublic(ctx context.Context) string {
	out, err := b.API.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if absent(err, "NoSuchPublicAccessBlockConfiguration") {
		out, err = &s3.GetPublicAccessBlockOutput{}, nil
	}
	if err != nil {
		return ""
	}
	if c := out.PublicAccessBlockConfiguration; c != nil && aws.ToBool(c.BlockPublicAcls) && aws.ToBool(c.IgnorePublicAcls) &&
		aws.ToBool(c.BlockPublicPolicy) && aws.ToBool(c.RestrictPublicBuckets) {
		return ""
	}
	return b.remark("no longer blocks all public access",
		"put-public-access-block --bucket "+b.Name()+" --public-access-block-configuration "+
			"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true")
}

func (b *Bucket) checkOwnership(ctx context.Context) string {
	out, err := b.API.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if absent(err, "OwnershipControlsNotFoundError") {
		out, err = &s3.GetBucketOwnershipControlsOutput{}, nil
	}
	if err != nil {
		return ""
	}
	if c := out.OwnershipControls; c != nil && len(c.Rules) > 0 && c.Rules[0].ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced {
		return ""
	}
	return b.remark("lets access lists decide who owns and reads objects",
		"put-bucket-ownership-controls --bucket "+b.Name()+" --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'")
}

// checkPolicy reports a policy that allows something: berth writes no policy, and
// its users have their access from their own policies. A policy that only denies is
// fine.
func (b *Bucket) checkPolicy(ctx context.Context) string {
	out, err := b.API.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{
		Bucket: aws.String(b.Name()), ExpectedBucketOwner: aws.String(b.Account),
	})
	if err != nil || !allows(aws.ToString(out.Policy)) {
		return ""
	}
	return b.remark("has a policy that allows access to it", "delete-bucket-policy --bucket "+b.Name())
}

// allows says whether a policy has a statement that allows something; one that
// cannot be read counts.
func allows(policy string) bool {
	var doc struct{ Statement json.RawMessage }
	type statement struct{ Effect string }
	if json.Unmarshal([]byte(policy), &doc) != nil {
		return true
	}
	var list []statement
	if json.Unmarshal(doc.Statement, &list) != nil {
		var one statement // a single one may stand without brackets
		if json.Unmarshal(doc.Statement, &one) != nil {
			return true
		}
		list = []statement{one}
	}
	return slices.ContainsFunc(list, func(s statement) bool { return s.Effect != "Deny" })
}

// absent says whether a setting was never made, or was taken away: S3 answers
// 404 and this code, and not that the bucket is missing.
func absent(err error, code string) bool {
	var resp *awshttp.ResponseError
	return err != nil && codeOf(err) == code && (!errors.As(err, &resp) || resp.HTTPStatusCode() == http.StatusNotFound)
}
