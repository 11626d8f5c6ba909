package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/clock"
)

// Bucket is a Store in one S3 bucket per account and region: private,
// versioned, encrypted. It is created when something is first written. Every
// call names the expected owner, so that a bucket of that name in somebody
// else's account is never read or written.
type Bucket struct {
	API             *s3.Client
	Account, Region string
	// Partition is "aws" unless the account is in another one.
	Partition string
	// Stall is how long an upload may make no progress before it is given up; 0 is
	// one minute.
	Stall time.Duration
	// Clock is what waiting for a new bucket uses; nil is the wall clock.
	Clock clock.Clock

	// progress is told at every step how far an upload is; nil is the run, and not
	// so often.
	progress func(detail string)

	mu    sync.Mutex
	known bool      // the bucket exists and is secured
	made  time.Time // when this process created it, or found it half done
}

// Name is the bucket's name.
func (b *Bucket) Name() string { return "berth-" + b.Account + "-" + b.Region }

// Where implements Store.
func (b *Bucket) Where() string { return "s3://" + b.Name() }

// Get implements Store.
func (b *Bucket) Get(ctx context.Context, key string) (Object, error) {
	out, err := b.API.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String(key), ExpectedBucketOwner: aws.String(b.Account),
	})
	if code := codeOf(err); code == "NoSuchKey" || code == "NoSuchBucket" || code == "NotFound" {
		return Object{}, &MissingError{Key: key}
	}
	if err != nil {
		return Object{}, b.explain("reading", key, err)
	}
	b.learn() // objects are written only after the bucket has been secured
	defer func() { _ = out.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(out.Body, maxObject+1))
	if err != nil {
		return Object{}, b.explain("reading", key, err)
	}
	age := time.Duration(0)
	if now, ok := awsmiddleware.GetServerTime(out.ResultMetadata); ok && out.LastModified != nil {
		age = now.Sub(*out.LastModified)
	} else if out.LastModified != nil {
		age = time.Since(*out.LastModified)
	}
	return Object{Data: data, Version: aws.ToString(out.ETag), Age: max(age, 0)}, nil
}

// Know looks whether the bucket has been made and secured, so that the first Put
// need not.
func (b *Bucket) Know(ctx context.Context) {
	if !b.secured() {
		_, _ = b.Get(ctx, marker) // which learns; a failure shows in Put
	}
}

// Put implements Store.
func (b *Bucket) Put(ctx context.Context, key string, data []byte, cond Condition) (string, error) {
	if err := b.ensure(ctx); err != nil {
		return "", err
	}
	var version string
	err := b.patiently(ctx, func() (err error) {
		version, err = b.put(ctx, key, data, cond)
		return err
	})
	switch code := codeOf(err); {
	case err == nil:
		return version, nil
	case code == "PreconditionFailed" || code == "ConditionalRequestConflict",
		code == "NoSuchKey" && cond.Version != "":
		return "", &ConflictError{Key: key}
	}
	return "", b.explain("writing", key, err)
}

func (b *Bucket) put(ctx context.Context, key string, data []byte, cond Condition) (string, error) {
	in := &s3.PutObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String(key), ExpectedBucketOwner: aws.String(b.Account),
		Body: bytes.NewReader(data), ContentType: aws.String("application/json"),
	}
	if cond.Absent {
		in.IfNoneMatch = aws.String("*")
	}
	if cond.Version != "" {
		in.IfMatch = aws.String(cond.Version)
	}
	out, err := b.API.PutObject(ctx, in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ETag), nil
}

// List implements Store.
func (b *Bucket) List(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.API, &s3.ListObjectsV2Input{
		Bucket: aws.String(b.Name()), Prefix: aws.String(prefix), ExpectedBucketOwner: aws.String(b.Account),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if codeOf(err) == "NoSuchBucket" {
			return nil, nil
		}
		if err != nil {
			return nil, b.explain("listing", prefix, err)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}

func (b *Bucket) learn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known = true
}

func (b *Bucket) secured() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.known
}

// explain adds what S3's bare 403 means here: the bucket is not ours, or the
// permission is missing.
func (b *Bucket) explain(doing, key string, err error) error {
	var resp *awshttp.ResponseError
	if errors.As(err, &resp) && resp.HTTPStatusCode() == http.StatusForbidden {
		return fmt.Errorf("state: %s %s/%s: no access; the bucket may belong to another account, or the policy lacks s3 on arn:%s:s3:::%s: %w",
			doing, b.Where(), key, b.partition(), b.Name(), err)
	}
	return fmt.Errorf("state: %s %s/%s: %w", doing, b.Where(), key, err)
}

func (b *Bucket) partition() string {
	if b.Partition == "" {
		return "aws"
	}
	return b.Partition
}

func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return strings.TrimSpace(api.ErrorCode())
	}
	return ""
}

var _ Store = (*Bucket)(nil)
