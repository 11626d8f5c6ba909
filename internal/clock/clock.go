package clock

import (
	"context"
	"math"
	"time"
)

// Clock tells the time and waits.
type Clock interface {
	// Now returns this clock's present time.
	Now() time.Time
	// Sleep waits for d of this clock's time, or until ctx ends, and then
	// returns ctx's cause. A d of zero or less returns at once.
	Sleep(ctx context.Context, d time.Duration) error
}

// Wall is the machine's own clock.
type Wall struct{}

// Now implements Clock.
func (Wall) Now() time.Time { return time.Now() }

// Sleep implements Clock.
func (Wall) Sleep(ctx context.Context, d time.Duration) error { return sleep(ctx, d) }

// Fast is a clock that starts at a certain time and runs a fixed number of
// times faster than the wall clock.
type Fast struct {
	start  time.Time
	wall   time.Time
	factor float64
}

// NewFast returns a clock that shows start now and runs factor times faster
// than the wall clock. A factor below 1 counts as 1.
func NewFast(start time.Time, factor float64) *Fast {
	return &Fast{start: start, wall: time.Now(), factor: max(factor, 1)}
}

// Now implements Clock.
func (f *Fast) Now() time.Time {
	return f.start.Add(time.Duration(float64(time.Since(f.wall)) * f.factor))
}

// Sleep implements Clock. It never wakes up early: otherwise a loop that sleeps
// for the time left until a certain time could end up with less than the wall
// clock can measure, and never reach that time.
func (f *Fast) Sleep(ctx context.Context, d time.Duration) error {
	return sleep(ctx, time.Duration(math.Ceil(float64(d)/f.factor)))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

var (
	_ Clock = Wall{}
	_ Clock = (*Fast)(nil)
)
