package crash

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// takeOver is how long a silent run on another host may hold up the next.
const takeOver = 45 * time.Second

// TestTwoActors starts the same run twice, the second some time after the first.
// One does the work. The other is refused and names the first, or plans after
// it. The world is the same as after one run.
func TestTwoActors(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		for _, s := range stories(t, "dns") {
			p := prepare(t, s, seed)
			for _, late := range []time.Duration{0, 30 * time.Millisecond, 500 * time.Millisecond, 3 * time.Second, 20 * time.Second} {
				t.Run(p.name+"/"+late.String(), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) { p.together(t, late) })
				})
			}
		}
	}
}

func (p prepared) together(t *testing.T, late time.Duration) {
	t.Helper()
	b := p.begin(t)
	var errs [2]error
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			time.Sleep(time.Duration(i) * late)
			_, errs[i] = b.Run(t.Context(), p.app, p.req)
		})
	}
	wg.Wait()
	worked := 0
	for i, err := range errs {
		var held *state.HeldError
		var moved *engine.MovedError
		switch {
		case err == nil:
			worked++
		case errors.As(err, &held):
			if !strings.Contains(err.Error(), "on host-") {
				t.Errorf("actor %d: the error does not name the holder: %v", i, err)
			}
		case errors.As(err, &moved):
		default:
			t.Errorf("actor %d: %v", i, err)
		}
	}
	if worked == 0 {
		t.Fatalf("nobody worked: %v", errs)
	}
	if got := settled(b); got != p.want {
		t.Errorf("the world differs:\n%s", differences(p.want, got))
	}
	p.end(t, b, "two actors")
}

// TestTakeOver kills a run and starts it again on another host at once: it goes
// on within 45 s.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	s := stories(t, "dns")[0]
	p := prepare(t, s, 1)
	// The number of polls varies, and with it the number of calls by a few per
	// cent.
	for _, k := range []int{len(p.calls) / 8, len(p.calls) / 3, len(p.calls) * 9 / 10} {
		synctest.Test(t, func(t *testing.T) {
			b := p.begin(t)
			b.World.Inject(func(c sandbox.Call) sandbox.Fault {
				if c.Index == k {
					return sandbox.Fault{Kind: sandbox.KillAfter}
				}
				return sandbox.Fault{}
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			died := make(chan time.Time, 1)
			go func() {
				for !b.World.Killed() {
					time.Sleep(10 * time.Millisecond)
				}
				died <- time.Now()
				cancel()
			}()
			if _, err := b.Run(ctx, p.app, p.req); err == nil {
				t.Fatal("the run survived its death")
			}
			at := <-died
			b.World.Inject(nil)
			b.World.Revive()
			next, err := b.Start(t.Context(), p.app)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := next.Plan(t.Context(), deploy.Request{}); err != nil {
				t.Fatal(err)
			}
			waited := time.Since(at)
			t.Logf("killed at call %d of %d: another host goes on after %.1f s", k, len(p.calls), waited.Seconds())
			if waited > takeOver {
				t.Errorf("another host waited %v, more than %v", waited, takeOver)
			}
		})
	}
}
