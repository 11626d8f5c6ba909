package sandbox

import (
	"cmp"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// s3Buckets are the buckets.
type s3Buckets struct {
	account *Account
	s       *s3State
	// changed is when a bucket's settings were last written, by its name.
	changed map[string]time.Time
}

func (p *s3Buckets) bucketRoutes(r *router) {
	on(r, p.createBucket)
	on(r, p.headBucket)
	on(r, p.listBuckets)
	on(r, p.deleteBucket)
	on(r, p.getBucketLocation)
}

var bucketNames = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (p *s3Buckets) createBucket(rq *request, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	name := aws.ToString(in.Bucket)
	if !bucketNames.MatchString(name) {
		return nil, apiError(400, "InvalidBucketName", "The specified bucket is not valid.")
	}
	where := ""
	if c := in.CreateBucketConfiguration; c != nil {
		where = string(c.LocationConstraint)
	}
	const first = "us-east-1"
	if where != p.account.region() && (where != "" || p.account.region() != first) || where == first {
		return nil, apiError(400, "IllegalLocationConstraintException",
			"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", cmp.Or(where, "unspecified"))
	}
	out := &s3.CreateBucketOutput{Location: aws.String("/" + name)}
	if b := p.s.Buckets[name]; b != nil {
		if b.Owner != p.account.number() {
			return nil, withStatus(http.StatusConflict, &types.BucketAlreadyExists{
				Message: aws.String("The requested bucket name is not available. The bucket namespace is shared by all users of the system."),
			})
		}
		if b.Created.After(rq.sent()) || p.unknown(b) {
			return nil, aborted() // the other creation is still under way
		}
		if p.account.region() == first {
			// The oldest region answers with a success and changes nothing.
			return out, nil
		}
		return nil, withStatus(http.StatusConflict, &types.BucketAlreadyOwnedByYou{
			Message: aws.String("Your previous request to create the named bucket succeeded and you already own it."),
		})
	}
	p.s.Buckets[name] = newBucket(p.account.number(), name, in, rq.now)
	return out, nil
}

// newBucket has the settings that every bucket has since 2023: encrypted with
// S3's own keys, no public access.
func newBucket(owner, name string, in *s3.CreateBucketInput, now time.Time) *s3Bucket {
	b := &s3Bucket{
		Name: name, Owner: owner, Created: now, Objects: map[string]*s3Object{},
		Encryption: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256},
			BucketKeyEnabled:                   aws.Bool(false),
		}}},
		PublicAccess: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true),
			BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
		},
	}
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
	b.Ownership = &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{
		ObjectOwnership: cmp.Or(in.ObjectOwnership, types.ObjectOwnershipBucketOwnerEnforced),
	}}}
	if c := in.CreateBucketConfiguration; c != nil {
		b.Tags = c.Tags
	}
	return b
}

// headBucket has no body in its answers, so its errors have bare codes.
func (p *s3Buckets) headBucket(_ *request, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	b := p.s.Buckets[aws.ToString(in.Bucket)]
	if b == nil || p.unknown(b) {
		return nil, withStatus(http.StatusNotFound, &types.NotFound{Message: aws.String("Not Found")})
	}
	if _, err := p.bucket(in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, apiError(http.StatusForbidden, "Forbidden", "Forbidden")
	}
	return &s3.HeadBucketOutput{BucketRegion: aws.String(p.account.region())}, nil
}

func (p *s3Buckets) listBuckets(*request, *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	out := &s3.ListBucketsOutput{}
	for _, b := range sortedValues(p.s.Buckets) {
		if b.Owner == p.account.number() {
			out.Buckets = append(out.Buckets, types.Bucket{
				Name: &b.Name, CreationDate: &b.Created, BucketRegion: aws.String(p.account.region()),
			})
		}
	}
	return out, nil
}

func (p *s3Buckets) deleteBucket(_ *request, in *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	b, err := p.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	for _, o := range b.Objects {
		// A versioned bucket keeps what was deleted.
		if !o.Deleted || b.Versioning != "" {
			return nil, apiError(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty")
		}
	}
	delete(p.s.Buckets, b.Name)
	return &s3.DeleteBucketOutput{}, nil
}

func (p *s3Buckets) getBucketLocation(_ *request, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	if _, err := p.bucket(in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	out := &s3.GetBucketLocationOutput{}
	if p.account.region() != "us-east-1" {
		out.LocationConstraint = types.BucketLocationConstraint(p.account.region())
	}
	return out, nil
}
