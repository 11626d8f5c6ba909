package state

import (
	"context"
	"errors"
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
// returns its location as BUCKET/KEY. It takes as long as the uplink needs: it
// is given up, with a *StallError, only when nothing has been sent for Stall.
//
// Every other call has a total timeout, which the lease relies on (CallTimeout):
// what a holder that fell silent has sent must not arrive after its successor
// went on. An upload may: its name is that of one build of one run, so a late one
// changes nothing that anybody else reads.
func (b *Bucket) Upload(ctx context.Context, name string, body io.ReadSeeker) (location string, err error) {
	if err := b.ensure(ctx); err != nil {
		return "", err
	}
	err = b.patiently(ctx, func() error { return b.send(ctx, name, body) })
	var stalled *StallError
	if errors.As(err, &stalled) {
		return "", stalled
	}
	if err != nil {
		return "", b.explain("writing", uploads+name, err)
	}
	return b.UploadLocation(name), nil
}

// send makes one attempt at an upload, from the beginning of the file.
func (b *Bucket) send(ctx context.Context, name string, body io.ReadSeeker) error {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watched, err := watchUpload(name, body, b.stall(), cancel)
	if err != nil {
		return err
	}
	defer watched.timer.Stop()
	_, err = b.API.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(b.Name()), Key: aws.String(uploads + name), ExpectedBucketOwner: aws.String(b.Account),
		Body: watched, ContentType: aws.String("application/zip"),
	}, b.patient)
	var stalled *StallError
	if errors.As(context.Cause(ctx), &stalled) {
		return stalled
	}
	return err
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
