package state

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// newBucket is how long calls may not find a bucket that was just made, or
// collide with those of another run that is making it. It is what
// terraform-provider-aws waits: bucketPropagationTimeout in its
// internal/service/s3/bucket.go; S3 itself promises no time:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
const newBucket = 2 * time.Minute

// begin says that the bucket is new from now on.
func (b *Bucket) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made = b.clock().Now()
}

// patiently repeats a call to a new bucket until S3 knows the bucket and nobody
// else is changing it. Any other answer, and any to an older bucket, is final.
func (b *Bucket) patiently(ctx context.Context, call func() error) error {
	said := false
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := call()
		code := codeOf(err)
		if code != "NoSuchBucket" && code != "OperationAborted" || !b.isNew() {
			return err
		}
		if !said {
			waits(ctx, "waiting until S3 knows the new bucket "+b.Where()+" everywhere ("+code+")")
			said = true
		}
		if err := b.clock().Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (b *Bucket) isNew() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.made.IsZero() && b.clock().Now().Sub(b.made) < newBucket
}

func (b *Bucket) clock() clock.Clock {
	if b.Clock == nil {
		return clock.Wall{}
	}
	return b.Clock
}
