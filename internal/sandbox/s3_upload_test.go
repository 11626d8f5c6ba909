package sandbox

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// leastPart is the least size of a part that is not the last.
const leastPart = 5 << 20

func TestUploadsInParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c, bucket, key := s3.NewFromConfig(w.Config()), aws.String("mine"), aws.String("file")
		makeBucket(t, c, "mine")
		begun, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
		must(t, err)
		put := func(number int32, size int) types.CompletedPart {
			out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
				Bucket: bucket, Key: key, UploadId: begun.UploadId, PartNumber: &number, Body: bytes.NewReader(make([]byte, size)),
			})
			must(t, err)
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
		wantCode(t, complete(small, last), "EntityTooSmall")
		first := put(1, leastPart)
		wantCode(t, complete(small, last), "InvalidPart")
		wantCode(t, complete(last, first), "InvalidPartOrder")
		wantCode(t, complete(), "MalformedXML")
		must(t, complete(first, last))
		wantCode(t, complete(first, last), "NoSuchUpload")
		_, err = c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: begun.UploadId})
		wantCode(t, err, "NoSuchUpload")
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key})
		must(t, err)
		if *head.ContentLength != leastPart+1 {
			t.Errorf("%d bytes", *head.ContentLength)
		}
		if left := w.Leftovers(); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}
