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
	zipType    = "application/zip"
)

// UploadLocation is where Upload puts an object of a name: BUCKET/KEY.
func (b *Bucket) UploadLocation(name string) string { return b.Name() + "/" + uploads + name }

// Upload stores a file of this size that a build in the account reads, and
// returns its location as BUCKET/KEY. A large one goes in parts. Nothing of it is
// held in memory. It takes as long as the uplink needs, and tells by
// engine.Progress how far it is; it is given up, with a *StallError, only when
// nothing has been sent for Stall. What was sent of one that failed, or that ctx
// has ended, is deleted.
//
// Every other call has a total timeout, which the lease relies on (CallTimeout):
// what a holder that fell silent has sent must not arrive after its successor
// went on. An upload may: its name is that of one build of one run, so a late one
// changes nothing that anybody else reads.
func (b *Bucket) Upload(ctx context.Context, name string, body io.ReaderAt, size int64) (location string, err error) {
	if err := b.ensure(ctx); err != nil {
		return "", err
	}
	err = b.patiently(ctx, func() error { return b.send(ctx, name, body, size) })
	var stalled *StallError
	if errors.As(err, &stalled) {
		return "", stalled
	}
	if err != nil {
		return "", b.explain("writing", uploads+name, err)
	}
	return b.UploadLocation(name), nil
}

// send makes one attempt at an upload.
func (b *Bucket) send(ctx context.Context, name string, body io.ReaderAt, size int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := b.watchUpload(ctx, name, size, cancel)
	defer w.end()
	var err error
	if size > onePiece {
		err = b.sendParts(ctx, uploads+name, body, size, w)
	} else {
		_, err = b.API.PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String(b.Name()), Key: aws.String(uploads + name), ExpectedBucketOwner: aws.String(b.Account),
			Body: w.part(body, 0, size), ContentType: aws.String(zipType),
		}, b.patient)
	}
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
