package bed

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
)

// Life deploys an app to a new sandbox, with a value for each secret that it
// needs, and tears it down with its data. A second deployment must change nothing
// and the teardown must leave nothing. It makes a bubble, so that it must not be
// called in one. The error says which part failed.
func Life(t *testing.T, a *app.App) error {
	t.Helper()
	Contexts(t, a)
	var failed error
	synctest.Test(t, func(t *testing.T) {
		b := New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 50 * time.Millisecond, MaxLag: 3 * time.Second})
		b.SetNeeds(t, a, "value-of-the-test")
		failed = b.life(t.Context(), a)
	})
	return failed
}

func (b *Bed) life(ctx context.Context, a *app.App) error {
	ctx, cancel := context.WithTimeout(ctx, 8*time.Hour)
	defer cancel()
	down := deploy.Request{Down: true, DeleteData: true}
	if _, err := b.Run(ctx, a, deploy.Request{}); err != nil {
		return fmt.Errorf("up: %w", err)
	}
	again, err := b.Run(ctx, a, deploy.Request{})
	if err != nil {
		return fmt.Errorf("the second up: %w", err)
	}
	if !again.Plan.Empty() {
		return fmt.Errorf("the second plan is not empty:\n%s", again.Plan)
	}
	if _, err := b.Run(ctx, a, down); err != nil {
		return fmt.Errorf("down: %w", err)
	}
	rest, err := b.Run(ctx, a, down)
	if err != nil {
		return fmt.Errorf("the second down: %w", err)
	}
	if rest.Plan.Changes() {
		return fmt.Errorf("the teardown leaves:\n%s", rest.Plan)
	}
	return nil
}
