package deploy_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestAPanicFreesTheLockAtTheEnd: a run whose progress panics ends with an
// error. When its locks are free, no call follows, and the records say that the
// run may not know all that it did.
func TestAPanicFreesTheLockAtTheEnd(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		p.Observe = bed.Events(func(e engine.Event) {
			if e.Kind == engine.Started && e.Address.Type == "ec2.subnet" {
				panic("no such member")
			}
		})
		_, _, err = p.Do(t.Context(), deploy.Request{})
		var mistake *concurrent.PanicError
		if !errors.As(err, &mistake) {
			t.Errorf("error %v, want a *concurrent.PanicError", err)
		}
		made := len(b.World.Calls())
		for _, o := range []engine.Owner{p.Environment(), p.Stack()} {
			seen, err := p.Locker().Peek(t.Context(), o)
			if err != nil || seen.Record.Holder != nil || !seen.Record.Unsettled {
				t.Errorf("the record of %s: %+v, error %v; want it free and unsettled", o, seen.Record, err)
			}
		}
		time.Sleep(time.Minute)
		if calls := b.World.Calls(); slices.ContainsFunc(calls[made:], func(c sandbox.Call) bool { return c.Mutating }) {
			t.Errorf("calls were made after the run had ended: %v", calls[made:])
		}
		mustRun(t, b, a, deploy.Request{})
	})
}

// TestAnObserverThatPanicsLeavesNoLock: whatever an observer is told when it
// panics, once locks are held, the call ends with an error and frees them.
func TestAnObserverThatPanicsLeavesNoLock(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	for name, at := range map[string]func(deploy.Event) bool{
		"locked":   func(e deploy.Event) bool { _, ok := e.(deploy.Locked); return ok },
		"apply":    func(e deploy.Event) bool { b, ok := e.(deploy.Began); return ok && b.Stage == deploy.StageApply },
		"record":   func(e deploy.Event) bool { b, ok := e.(deploy.Began); return ok && b.Stage == deploy.StageRecord },
		"unlocked": func(e deploy.Event) bool { _, ok := e.(deploy.Unlocked); return ok },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				p.Observe = func(e deploy.Event) {
					if at(e) {
						panic("no such member")
					}
				}
				_, _, err = p.Do(t.Context(), deploy.Request{})
				var mistake *concurrent.PanicError
				if !errors.As(err, &mistake) {
					t.Errorf("error %v, want a *concurrent.PanicError", err)
				}
				for _, o := range p.Owners() {
					if seen, err := p.Locker().Peek(t.Context(), o); err != nil || seen.Record.Holder != nil {
						t.Errorf("%s: error %v, or it is still locked: %+v", o, err, seen.Record)
					}
				}
			})
		})
	}
}
