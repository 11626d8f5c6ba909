package storage

import (
	"crypto/md5" //nolint:gosec // S3's ETag is an MD5 sum.
	"encoding/hex"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// S3 is the buckets and their objects. Objects are strongly consistent, new
// buckets are not. Old versions of objects are not kept.
type S3 struct {
	account  *world.Account
	s        s3State
	Buckets  *Buckets
	settings *settings
}

// s3State holds buckets by name.
type s3State struct {
	Buckets map[string]*s3Bucket
}

// s3Bucket is a bucket with its settings; a nil one was never set.
type s3Bucket struct {
	Name, Owner  string
	Created      time.Time
	Versioning   types.BucketVersioningStatus
	Encryption   *types.ServerSideEncryptionConfiguration
	PublicAccess *types.PublicAccessBlockConfiguration
	Lifecycle    []types.LifecycleRule
	Tags         []types.Tag
	Policy       *string
	Ownership    *types.OwnershipControls
	Objects      map[string]*s3Object
	// Uploads are those in parts that have not been completed, by their id.
	Uploads map[string]*s3Upload
}

// s3Object is an object, or what is remembered of a deleted one.
type s3Object struct {
	Body        []byte
	ETag        string
	ContentType *string
	Metadata    map[string]string
	Version     string
	Modified    time.Time
	// Deleted keeps the moment of a deletion, which decides whether another
	// conditional write was under way.
	Deleted bool
}

// NewS3 makes the S3 of an account, without buckets.
func NewS3(account *world.Account) *S3 {
	p := &S3{account: account, s: s3State{Buckets: map[string]*s3Bucket{}}}
	p.Buckets = &Buckets{account: account, s: &p.s, changed: map[string]time.Time{}}
	p.settings = &settings{buckets: p.Buckets}
	return p
}

// ID implements world.Service.
func (p *S3) ID() string { return s3.ServiceID }

// State implements world.Service.
func (p *S3) State() any { return &p.s }

// Routes implements world.Service.
func (p *S3) Routes(r *world.Router) {
	p.Buckets.bucketRoutes(r)
	p.settings.settingRoutes(r)
	p.objectRoutes(r)
	p.uploadRoutes(r)
}

// Locate names the bucket or the object.
func (p *S3) Locate(_ string, in any) string {
	bucket, key := world.FieldText(in, "Bucket"), world.FieldText(in, "Key")
	switch {
	case bucket == "":
		return ""
	case key != "":
		return "arn:aws:s3:::" + bucket + "/" + key
	}
	return "arn:aws:s3:::" + bucket
}

// Dump implements world.Service.
func (p *S3) Dump(d *world.Dumper) {
	for _, b := range world.SortedValues(p.s.Buckets) {
		if b.Owner != p.account.Number() {
			continue
		}
		body := *world.Clone(b)
		body.Objects, body.Uploads = nil, nil
		d.Keep("s3.bucket", "", b.Name, body)
		for key, o := range b.Objects {
			if !o.Deleted {
				d.Keep("s3.object", "", b.Name+"/"+key, nil)
			}
		}
		for _, u := range world.SortedValues(b.Uploads) {
			d.Add("s3.upload", "", b.Name+"/"+u.Key, nil)
		}
	}
}

// TakeBucket gives a bucket name to another account, so that this one cannot
// have it: bucket names are global.
func (p *Buckets) TakeBucket(name string) {
	p.s.Buckets[name] = &s3Bucket{Name: name, Owner: "999999999999", Objects: map[string]*s3Object{}}
}

// GiveBucket makes a bucket that keeps versions, unless the account has one of the
// name already.
func (p *Buckets) GiveBucket(name string) {
	if p.s.Buckets[name] != nil {
		return
	}
	b := newBucket(p.account.Number(), name, &s3.CreateBucketInput{}, p.account.Now().Add(-time.Hour))
	b.Versioning = types.BucketVersioningStatusEnabled
	p.s.Buckets[name] = b
}

// bucket finds a bucket and checks that it belongs to the account.
func (p *Buckets) bucket(name, expectedOwner *string) (*s3Bucket, error) {
	b := p.s.Buckets[aws.ToString(name)]
	if b == nil || p.unknown(b) {
		return nil, world.WithStatus(http.StatusNotFound, &types.NoSuchBucket{
			Message: aws.String("The specified bucket does not exist"),
		})
	}
	if b.Owner != p.account.Number() || expectedOwner != nil && *expectedOwner != b.Owner {
		return nil, world.WithStatus(http.StatusForbidden, &types.AccessDenied{Message: aws.String("Access Denied")})
	}
	return b, nil
}

// unknown reports whether a bucket is so new that some calls do not find it. For
// some seconds or a minute after CreateBucket, other calls answer NoSuchBucket:
// buckets are eventually consistent, objects are not.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
// terraform-provider-aws waits for two minutes: bucketPropagationTimeout in its
// internal/service/s3/bucket.go.
func (p *Buckets) unknown(b *s3Bucket) bool {
	return p.account.Now().Before(b.Created.Add(p.account.UseLag(b.Name)))
}

// setting finds a bucket whose settings are about to change. S3 refuses a change while
// it makes another one: https://github.com/hashicorp/terraform-provider-aws/issues/33552
func (p *Buckets) setting(rq *world.Request, name, expectedOwner *string) (*s3Bucket, error) {
	b, err := p.bucket(name, expectedOwner)
	if err != nil {
		return nil, err
	}
	if p.changed[b.Name].After(rq.Sent()) {
		return nil, aborted()
	}
	p.changed[b.Name] = rq.Now
	return b, nil
}

// aborted is S3's answer while another change of the bucket is under way.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
func aborted() error {
	return world.APIError(http.StatusConflict, "OperationAborted",
		"A conflicting conditional operation is currently in progress against this resource. Please try again.")
}

func etag(body []byte) string {
	return `"` + hex.EncodeToString(md5Of(body)) + `"`
}

func md5Of(data []byte) []byte {
	sum := md5.Sum(data) //nolint:gosec // S3's ETag is an MD5 sum.
	return sum[:]
}

var _ world.Locator = (*S3)(nil)

// Index implements world.Indexed.
func (p *S3) Index(f world.IndexFunc) {
	for _, b := range p.s.Buckets {
		if b.Owner != p.account.Number() {
			continue
		}
		f("arn:aws:s3:::"+b.Name, b.Created, world.TagMap(b.Tags))
	}
}

// Object is the content of an object; ok is false when there is none.
func (p *S3) Object(bucket, key string) (body []byte, ok bool) {
	b := p.s.Buckets[bucket]
	if b == nil || b.get(key) == nil {
		return nil, false
	}
	return b.get(key).Body, true
}
