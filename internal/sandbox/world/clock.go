package world

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// worldClock is a clock shifted so that a loaded world goes on at the moment
// when it was saved.
type worldClock struct {
	base clock.Clock
	skew time.Duration
}

// Now implements clock.Clock.
func (c *worldClock) Now() time.Time { return c.base.Now().Add(c.skew).UTC() }

// Sleep implements clock.Clock.
func (c *worldClock) Sleep(ctx context.Context, d time.Duration) error {
	return c.base.Sleep(ctx, d)
}

// setTo shifts the clock so that it shows t now.
func (c *worldClock) setTo(t time.Time) { c.skew = t.Sub(c.base.Now()) }

var _ clock.Clock = (*worldClock)(nil)
