package storage_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestBucketNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		w.Owner().TakeBucket("theirs")
		c := s3.NewFromConfig(w.Config())
		sandboxtest.MakeBucket(t, c, "mine")
		_, err := c.CreateBucket(t.Context(), sandboxtest.BucketInput("mine"))
		sandboxtest.WantCode(t, err, "BucketAlreadyOwnedByYou")
		_, err = c.CreateBucket(t.Context(), sandboxtest.BucketInput("theirs"))
		sandboxtest.WantCode(t, err, "BucketAlreadyExists")
		_, err = c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("elsewhere")})
		sandboxtest.WantCode(t, err, "IllegalLocationConstraintException")
		_, err = c.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("nobodys")})
		sandboxtest.WantCode(t, err, "NotFound")

		first := sandboxtest.New(t, world.Options{Region: "us-east-1"})
		c = s3.NewFromConfig(first.Config())
		for range 2 {
			_, err = c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("mine")})
			sandboxtest.WantCode(t, err, "")
		}
	})
}

func TestObjectLifeAndOwner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := s3.NewFromConfig(w.Config())
		sandboxtest.MakeBucket(t, c, "box")
		owner, stranger := aws.String("123456789012"), aws.String("210987654321")
		for name, body := range map[string]io.Reader{
			"seekable": bytes.NewReader([]byte("hello")),
			"plain":    io.MultiReader(strings.NewReader("hel"), strings.NewReader("lo")),
		} {
			_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: &name, Body: body, ExpectedBucketOwner: owner})
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("box"), Key: &name})
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(out.Body); string(got) != "hello" {
				t.Errorf("%s: read %q", name, got)
			}
		}
		_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), ExpectedBucketOwner: stranger})
		sandboxtest.WantCode(t, err, "AccessDenied")
		list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("box"), MaxKeys: aws.Int32(1)})
		if err != nil || len(list.Contents) != 1 || !*list.IsTruncated {
			t.Fatalf("list: %v %v", list, err)
		}
		_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("nope")})
		var none *types.NoSuchKey
		if !errors.As(err, &none) {
			t.Errorf("error %v is no NoSuchKey", err)
		}
	})
}

func TestConditionalWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := s3.NewFromConfig(w.Config())
		sandboxtest.MakeBucket(t, c, "box")
		put := func(match, none *string) (string, error) {
			out, err := c.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String("box"), Key: aws.String("lock"), IfMatch: match, IfNoneMatch: none,
				Body: strings.NewReader(time.Now().String()),
			})
			if err != nil {
				return "", err
			}
			time.Sleep(time.Second)
			return *out.ETag, nil
		}
		_, err := put(aws.String(`"x"`), nil)
		sandboxtest.WantCode(t, err, "NoSuchKey")
		tag, err := put(nil, aws.String("*"))
		sandboxtest.WantCode(t, err, "")
		_, err = put(nil, aws.String("*"))
		sandboxtest.WantCode(t, err, "PreconditionFailed")
		var resp *smithyhttp.ResponseError
		if !errors.As(err, &resp) || resp.HTTPStatusCode() != 412 {
			t.Errorf("error %v has no status 412", err)
		}
		second, err := put(&tag, nil)
		sandboxtest.WantCode(t, err, "")
		_, err = put(&tag, nil)
		sandboxtest.WantCode(t, err, "PreconditionFailed")
		_, err = c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String("lock"), IfMatch: &tag})
		sandboxtest.WantCode(t, err, "PreconditionFailed")
		_, err = c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String("lock"), IfMatch: &second})
		sandboxtest.WantCode(t, err, "")
	})
}

func TestConditionalWritesRace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Latency: 100 * time.Millisecond})
		// No retries: a conflict is the caller's to handle.
		cfg := w.Config()
		cfg.RetryMaxAttempts = 1
		c := s3.NewFromConfig(cfg)
		sandboxtest.MakeBucket(t, c, "box")
		first, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("lock")})
		if err != nil {
			t.Fatal(err)
		}
		errs := make(chan error)
		for range 2 {
			go func() {
				_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("lock"), IfMatch: first.ETag})
				errs <- err
			}()
		}
		a, b := sandboxtest.Code(t, <-errs), sandboxtest.Code(t, <-errs)
		if a+b != "ConditionalRequestConflict" {
			t.Errorf("codes %q and %q: want one winner and one conflict", a, b)
		}
	})
}

func TestBucketSettings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c := s3.NewFromConfig(w.Config())
		sandboxtest.MakeBucket(t, c, "box")
		_, err := c.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: aws.String("box")})
		sandboxtest.WantCode(t, err, "NoSuchTagSet")
		_, err = c.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("box")})
		sandboxtest.WantCode(t, err, "NoSuchBucketPolicy")
		_, err = c.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: aws.String("box"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		sandboxtest.WantCode(t, err, "")
		out, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k")})
		if err != nil || aws.ToString(out.VersionId) == "" {
			t.Errorf("no version: %v", err)
		}
		_, err = c.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("box")})
		sandboxtest.WantCode(t, err, "BucketNotEmpty")
	})
}
