package storage

import (
	"cmp"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Buckets are the buckets.
type Buckets struct {
	account *world.Account
	s       *s3State
	// changed is when a bucket's settings were last written, by its name.
	changed map[string]time.Time
}

func (p *Buckets) bucketRoutes(r *world.Router) {
	world.On(r, p.createBucket)
	world.On(r, p.headBucket)
	world.On(r, p.listBuckets)
	world.On(r, p.deleteBucket)
	world.On(r, p.getBucketLocation)
}

var bucketNames = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func (p *Buckets) createBucket(rq *world.Request, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	name := aws.ToString(in.Bucket)
	if !bucketNames.MatchString(name) {
		return nil, world.APIError(400, "InvalidBucketName", "The specified bucket is not valid.")
	}
	where := ""
	if c := in.CreateBucketConfiguration; c != nil {
		where = string(c.LocationConstraint)
	}
	const first = "us-east-1"
	if where != p.account.Region() && (where != "" || p.account.Region() != first) || where == first {
		return nil, world.APIError(400, "IllegalLocationConstraintException",
			"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", cmp.Or(where, "unspecified"))
	}
	out := &s3.CreateBucketOutput{Location: aws.String("/" + name)}
	if b := p.s.Buckets[name]; b != nil {
		if b.Owner != p.account.Number() {
			return nil, world.WithStatus(http.StatusConflict, &types.BucketAlreadyExists{
				Message: aws.String("The requested bucket name is not available. The bucket namespace is shared by all users of the system."),
			})
		}
		if b.Created.After(rq.Sent()) || p.unknown(b) {
			return nil, aborted() // the other creation is still under way
		}
		if p.account.Region() == first {
			// In us-east-1 the call succeeds and changes nothing.
			return out, nil
		}
		return nil, world.WithStatus(http.StatusConflict, &types.BucketAlreadyOwnedByYou{
			Message: aws.String("Your previous request to create the named bucket succeeded and you already own it."),
		})
	}
	p.s.Buckets[name] = newBucket(p.account.Number(), name, in, rq.Now)
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

// headBucket's answers have no body, so its errors have codes only.
func (p *Buckets) headBucket(_ *world.Request, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	b := p.s.Buckets[aws.ToString(in.Bucket)]
	if b == nil || p.unknown(b) {
		return nil, world.WithStatus(http.StatusNotFound, &types.NotFound{Message: aws.String("Not Found")})
	}
	if _, err := p.bucket(in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, world.APIError(http.StatusForbidden, "Forbidden", "Forbidden")
	}
	return &s3.HeadBucketOutput{BucketRegion: aws.String(p.account.Region())}, nil
}

func (p *Buckets) listBuckets(*world.Request, *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	out := &s3.ListBucketsOutput{}
	for _, b := range world.SortedValues(p.s.Buckets) {
		if b.Owner == p.account.Number() {
			out.Buckets = append(out.Buckets, types.Bucket{
				Name: &b.Name, CreationDate: &b.Created, BucketRegion: aws.String(p.account.Region()),
			})
		}
	}
	return out, nil
}

func (p *Buckets) deleteBucket(_ *world.Request, in *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	b, err := p.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	for _, o := range b.Objects {
		// A versioned bucket keeps deleted objects.
		if !o.Deleted || b.Versioning != "" {
			return nil, world.APIError(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty")
		}
	}
	delete(p.s.Buckets, b.Name)
	return &s3.DeleteBucketOutput{}, nil
}

func (p *Buckets) getBucketLocation(_ *world.Request, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	if _, err := p.bucket(in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	out := &s3.GetBucketLocationOutput{}
	if p.account.Region() != "us-east-1" {
		out.LocationConstraint = types.BucketLocationConstraint(p.account.Region())
	}
	return out, nil
}
