package storage

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *S3) objectRoutes(r *world.Router) {
	world.On(r, p.putObject)
	world.On(r, p.getObject)
	world.On(r, p.headObject)
	world.On(r, p.deleteObject)
	world.On(r, p.listObjectsV2)
}

func (p *S3) putObject(rq *world.Request, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	key := aws.ToString(in.Key)
	if err := b.condition(rq, key, in.IfMatch, in.IfNoneMatch); err != nil {
		return nil, err
	}
	body, err := readBody(in.Body)
	if err != nil {
		return nil, err
	}
	o := &s3Object{
		Body: body, ETag: etag(body), ContentType: in.ContentType, Metadata: in.Metadata, Modified: rq.Now,
	}
	return &s3.PutObjectOutput{
		ETag: &o.ETag, VersionId: p.store(b, key, o), ServerSideEncryption: types.ServerSideEncryptionAes256,
	}, nil
}

// store replaces the object of a key and returns the new version's id; nil if the
// bucket keeps no versions.
func (p *S3) store(b *s3Bucket, key string, o *s3Object) *string {
	b.Objects[key] = o
	if b.Versioning != types.BucketVersioningStatusEnabled {
		return nil
	}
	o.Version = p.account.NewHex("version", 32)
	return &o.Version
}

// readBody reads a body from its beginning: an earlier attempt may have read it.
func readBody(body io.Reader) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	if s, ok := body.(io.Seeker); ok {
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("rewind the body: %w", err)
		}
	}
	b, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	return b, nil
}

// get is the object of a key, or nil if it does not exist.
func (b *s3Bucket) get(key string) *s3Object {
	if o := b.Objects[key]; o != nil && !o.Deleted {
		return o
	}
	return nil
}

// condition decides a conditional write: 412 when the condition does not hold,
// 409 when another write to the key took effect while this one was under way,
// 404 for If-Match on a key that does not exist. See
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func (b *s3Bucket) condition(rq *world.Request, key string, ifMatch, ifNoneMatch *string) error {
	if ifMatch == nil && ifNoneMatch == nil {
		return nil
	}
	o := b.get(key)
	last := b.Objects[key]
	raced := last != nil && last.Modified.After(rq.Sent())
	switch {
	case ifNoneMatch != nil && *ifNoneMatch != "*":
		return world.APIError(http.StatusNotImplemented, "NotImplemented", "A header you provided implies functionality that is not implemented")
	case ifNoneMatch != nil && o != nil:
		return unmet("If-None-Match")
	case ifMatch != nil && o == nil && !raced:
		return noKey(key)
	case raced:
		return world.APIError(http.StatusConflict, "ConditionalRequestConflict",
			"The conditional request cannot succeed due to a conflicting operation against this resource.")
	case ifMatch != nil && strings.Trim(*ifMatch, `"`) != strings.Trim(o.ETag, `"`):
		return unmet("If-Match")
	}
	return nil
}

func unmet(condition string) error {
	return world.APIError(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold: %s", condition)
}

func noKey(key string) error {
	return world.WithStatus(http.StatusNotFound, &types.NoSuchKey{
		Message: aws.String("The specified key does not exist: " + key),
	})
}

func (p *S3) getObject(_ *world.Request, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	o := b.get(aws.ToString(in.Key))
	if o == nil {
		return nil, noKey(aws.ToString(in.Key))
	}
	if in.IfMatch != nil && strings.Trim(*in.IfMatch, `"`) != strings.Trim(o.ETag, `"`) {
		return nil, unmet("If-Match")
	}
	if in.IfNoneMatch != nil && strings.Trim(*in.IfNoneMatch, `"`) == strings.Trim(o.ETag, `"`) {
		return nil, world.APIError(http.StatusNotModified, "NotModified", "Not Modified")
	}
	return &s3.GetObjectOutput{
		Body: io.NopCloser(bytes.NewReader(slices.Clone(o.Body))), ETag: &o.ETag, ContentType: o.ContentType,
		ContentLength: aws.Int64(int64(len(o.Body))), LastModified: &o.Modified, Metadata: o.Metadata,
		VersionId: world.Optional(o.Version), ServerSideEncryption: types.ServerSideEncryptionAes256,
	}, nil
}

func (p *S3) headObject(_ *world.Request, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, world.APIError(http.StatusForbidden, "Forbidden", "Forbidden")
	}
	o := b.get(aws.ToString(in.Key))
	if o == nil {
		return nil, world.WithStatus(http.StatusNotFound, &types.NotFound{Message: aws.String("Not Found")})
	}
	return &s3.HeadObjectOutput{
		ETag: &o.ETag, ContentType: o.ContentType, ContentLength: aws.Int64(int64(len(o.Body))),
		LastModified: &o.Modified, Metadata: o.Metadata, VersionId: world.Optional(o.Version),
	}, nil
}

// deleteObject also succeeds for a key that does not exist, unless the call has a
// condition.
func (p *S3) deleteObject(rq *world.Request, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	key := aws.ToString(in.Key)
	if err := b.condition(rq, key, in.IfMatch, nil); err != nil {
		return nil, err
	}
	if b.get(key) != nil {
		b.Objects[key] = &s3Object{Deleted: true, Modified: rq.Now}
	}
	return &s3.DeleteObjectOutput{}, nil
}

func (p *S3) listObjectsV2(_ *world.Request, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	prefix, delimiter := aws.ToString(in.Prefix), aws.ToString(in.Delimiter)
	var keys []string
	folders := map[string]bool{}
	for key, o := range b.Objects {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || o.Deleted || in.StartAfter != nil && key <= *in.StartAfter {
			continue
		}
		if i := strings.Index(rest, delimiter); delimiter != "" && i >= 0 {
			folders[prefix+rest[:i+len(delimiter)]] = true
			continue
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	page, next, err := world.Page(keys, in.ContinuationToken, in.MaxKeys, 1000)
	if err != nil {
		return nil, world.APIError(400, "InvalidArgument", "The continuation token provided is incorrect")
	}
	out := &s3.ListObjectsV2Output{
		Name: &b.Name, Prefix: in.Prefix, Delimiter: in.Delimiter, KeyCount: aws.Int32(int32(len(page))),
		NextContinuationToken: next, IsTruncated: aws.Bool(next != nil),
	}
	for _, key := range page {
		o := b.Objects[key]
		out.Contents = append(out.Contents, types.Object{
			Key: &key, ETag: &o.ETag, Size: aws.Int64(int64(len(o.Body))), LastModified: &o.Modified,
		})
	}
	for _, f := range world.SortedValues(keysOf(folders)) {
		out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(f)})
	}
	return out, nil
}

// keysOf maps every key to itself, for sortedValues.
func keysOf(m map[string]bool) map[string]string {
	out := make(map[string]string, len(m))
	for k := range m {
		out[k] = k
	}
	return out
}
