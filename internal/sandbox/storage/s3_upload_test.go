package storage_test

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// leastPart is the least size of a part that is not the last.
const leastPart = 5 << 20

func TestUploadsInParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		c, bucket, key := s3.NewFromConfig(w.Config()), aws.String("mine"), aws.String("file")
		sandboxtest.MakeBucket(t, c, "mine")
		begun, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
		sandboxtest.Must(t, err)
		put := func(number int32, size int) types.CompletedPart {
			out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
				Bucket: bucket, Key: key, UploadId: begun.UploadId, PartNumber: &number, Body: bytes.NewReader(make([]byte, size)),
			})
			sandboxtest.Must(t, err)
			return types.CompletedPart{PartNumber: &number, ETag: out.ETag}
		}
		complete := func(parts ...types.CompletedPart) error {
			_, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
				Bucket: bucket, Key: key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
			})
			return err
		}
		if left := w.Leftovers(); len(left) != 1 {
			t.Errorf("an upload that was begun is left: %v", left)
		}
		small, last := put(1, leastPart-1), put(2, 1)
		sandboxtest.WantCode(t, complete(small, last), "EntityTooSmall")
		first := put(1, leastPart)
		sandboxtest.WantCode(t, complete(small, last), "InvalidPart")
		sandboxtest.WantCode(t, complete(last, first), "InvalidPartOrder")
		sandboxtest.WantCode(t, complete(), "MalformedXML")
		sandboxtest.Must(t, complete(first, last))
		sandboxtest.WantCode(t, complete(first, last), "NoSuchUpload")
		_, err = c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: begun.UploadId})
		sandboxtest.WantCode(t, err, "NoSuchUpload")
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key})
		sandboxtest.Must(t, err)
		if *head.ContentLength != leastPart+1 {
			t.Errorf("%d bytes", *head.ContentLength)
		}
		if left := w.Leftovers(); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}
