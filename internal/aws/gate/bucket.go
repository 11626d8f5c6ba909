package gate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// worthAWord is how long a wait for a token must be to be reported.
const worthAWord = 3 * time.Second

// Buckets are the token buckets of one account and region. They are shared by
// all gates to it and safe for use by many goroutines.
type Buckets struct {
	clock clock.Clock

	mu     sync.Mutex
	byName map[string]*bucket
	lifted bool
}

// NoBuckets returns buckets that never make a call wait: an emulator has no
// rate limits.
func NoBuckets(c clock.Clock) *Buckets {
	b := NewBuckets(c)
	b.lifted = true
	return b
}

// NewBuckets returns full buckets.
func NewBuckets(c clock.Clock) *Buckets {
	return &Buckets{clock: c, byName: map[string]*bucket{}}
}

// take waits until the operation may be sent. Waiting calls proceed in the
// order in which they arrived. An operation without a limit never waits.
func (b *Buckets) take(ctx context.Context, service, operation string) error {
	l, ok := limitOf(service, operation)
	if !ok || b.lifted {
		return context.Cause(ctx)
	}
	wait := b.reserve(l)
	if wait >= worthAWord {
		engine.Progress(ctx, fmt.Sprintf("waiting for the rate limit: AWS takes %g %s calls a second, %s to go", l.rate, l.bucket, wait.Round(time.Second)))
	}
	if err := b.clock.Sleep(ctx, wait); err != nil {
		b.giveBack(l)
		return err
	}
	return nil
}

// bucket holds the time at which it will be full again, which is all that a
// token bucket needs; every token moves that time on by one interval.
type bucket struct{ full time.Time }

// reserve takes a token that may not be available yet and returns the time
// until it is. Reservations are served in order, and no lock is held while
// their owners sleep.
func (b *Buckets) reserve(l limit) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	k, ok := b.byName[l.bucket]
	if !ok {
		k = &bucket{}
		b.byName[l.bucket] = k
	}
	if k.full.Before(now) {
		k.full = now
	}
	every := l.interval()
	wait := k.full.Add(-time.Duration(l.burst-1) * every).Sub(now)
	k.full = k.full.Add(every)
	return max(wait, 0)
}

func (b *Buckets) giveBack(l limit) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.byName[l.bucket]
	k.full = k.full.Add(-l.interval())
}
