package state

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/concurrent"
)

const (
	// onePiece is the largest size that is sent in one call. A failed call is
	// repeated from its beginning, so a larger file is sent in parts.
	onePiece = 16 << 20
	// leastPart is the size of a part. S3 takes 5 MiB at least and mostParts:
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
	leastPart = 8 << 20
	mostParts = 10000
	// sideBySide is how many parts are under way at once.
	sideBySide = 4
	// abortPatience is how long the deletion of an upload that failed may take.
	abortPatience = 10 * time.Second
)

// sendParts stores a file in parts, each read from its offset in the file, and
// leaves nothing behind if it fails.
func (b *Bucket) sendParts(ctx context.Context, key string, body io.ReaderAt, size int64, w *uploadWatch) error {
	out, err := b.API.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: aws.String(b.Name()), Key: &key, ExpectedBucketOwner: aws.String(b.Account),
		ContentType: aws.String(zipType), ChecksumAlgorithm: b.checksum(),
	})
	if err != nil {
		return err
	}
	parts, err := b.putParts(ctx, key, out.UploadId, body, size, w)
	if err == nil {
		err = b.complete(ctx, key, out.UploadId, parts, size)
	}
	if err != nil {
		b.abort(ctx, key, out.UploadId)
	}
	return err
}

// checksum is what the SDK sends with each part, which S3 wants to know when the
// upload begins.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
func (b *Bucket) checksum() types.ChecksumAlgorithm {
	if b.API.Options().RequestChecksumCalculation == aws.RequestChecksumCalculationWhenSupported {
		return types.ChecksumAlgorithmCrc32
	}
	return ""
}

// putParts sends all parts, a few side by side; the first error ends them all.
func (b *Bucket) putParts(
	ctx context.Context, key string, id *string, body io.ReaderAt, size int64, w *uploadWatch,
) ([]types.CompletedPart, error) {
	each := int64(leastPart)
	for size > each*mostParts {
		each *= 2
	}
	parts := make([]types.CompletedPart, (size+each-1)/each)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan struct{}, sideBySide)
	_ = concurrent.Each(parts, func(i int, _ types.CompletedPart) error {
		select {
		case turns <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		defer func() { <-turns }()
		number, at := int32(i+1), int64(i)*each
		out, err := b.API.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: aws.String(b.Name()), Key: &key, ExpectedBucketOwner: aws.String(b.Account),
			UploadId: id, PartNumber: &number, Body: w.part(body, at, min(each, size-at)),
		}, b.patient)
		if err != nil {
			cancel(err)
			return nil
		}
		parts[i] = types.CompletedPart{PartNumber: &number, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32}
		return nil
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return parts, nil
}

// complete joins the parts to the object. If the first answer was lost, the second
// call finds the upload unknown and the object in place. No other run writes to the
// key.
func (b *Bucket) complete(ctx context.Context, key string, id *string, parts []types.CompletedPart, size int64) error {
	_, err := b.API.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: aws.String(b.Name()), Key: &key, ExpectedBucketOwner: aws.String(b.Account),
		UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	if codeOf(err) != "NoSuchUpload" {
		return err
	}
	have, headErr := b.API.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(b.Name()), Key: &key, ExpectedBucketOwner: aws.String(b.Account),
	})
	if headErr != nil || aws.ToInt64(have.ContentLength) != size {
		return fmt.Errorf("completing the upload: %w", err)
	}
	return nil
}

// abort deletes the parts of an upload that failed, also when ctx has ended: S3
// would keep and charge for them until the bucket's lifecycle rule deletes them, as
// it does if abort fails.
func (b *Bucket) abort(ctx context.Context, key string, id *string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortPatience)
	defer cancel()
	_, _ = b.API.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: aws.String(b.Name()), Key: &key, ExpectedBucketOwner: aws.String(b.Account), UploadId: id,
	})
}
