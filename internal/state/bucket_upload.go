package state

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// uploads is the prefix of what builds in the account are made from. S3 deletes
// it after uploadDays, should berth not have done so.
const (
	uploads    = "builds/"
	uploadDays = 7
)

// UploadLocation is where Upload puts an object of a name: BUCKET/KEY.
func (b *Bucket) UploadLocation(name string) string { return b.Name() + "/" + uploads + name }

// Upload stores a file that a build in the account reads, at most 5 GiB, and
// returns its location as BUCKET/KEY.
func (b *Bucket) Upload(ctx context.Context, name string, body io.ReadSeeker) (location string, err error) {
	if err := b.ensure(ctx); err != nil {
		return "", err
	}
	_, err = b.API.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String(uploads + name), ExpectedBucketOwner: aws.String(b.Account),
		Body: body, ContentType: aws.String("application/zip"),
	})
	if err != nil {
		return "", b.explain("writing", uploads+name, err)
	}
	return b.UploadLocation(name), nil
}

// Discard deletes what Upload has stored.
func (b *Bucket) Discard(ctx context.Context, name string) error {
	_, err := b.API.DeleteObject(ctx, &s3.DeleteObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String(uploads + name), ExpectedBucketOwner: aws.String(b.Account),
	})
	if err != nil {
		return b.explain("deleting", uploads+name, err)
	}
	return nil
}
