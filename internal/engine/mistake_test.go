package engine

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
)

// unspeakable is a fault whose Error panics.
type unspeakable struct{}

func (unspeakable) Error() string { panic("no text") }
func (unspeakable) Class() Class  { return Throttled }

// TestAPanicOfTheRunWaitsForItsCalls: if one of the goroutines that all steps
// share panics, the run ends with an error, and only once none of its calls is
// under way: its caller then releases the lock.
func TestAPanicOfTheRunWaitsForItsCalls(t *testing.T) {
	t.Parallel()
	const answer = 5 * time.Second // of a call that has been cut off
	on := func(kind Kind, typ string) func(Event) {
		return func(e Event) {
			if e.Kind == kind && e.Address.Type == typ {
				panic("no such member")
			}
		}
	}
	for name, tc := range map[string]struct {
		emit func(Event)
		text func(error) string
		look error
	}{
		"telling of a beginning":    {emit: on(Started, "late")},
		"telling of a success":      {emit: on(Done, "quick")},
		"telling of a failure":      {emit: on(Failed, "bad")},
		"telling of a wait":         {emit: on(Waiting, "slow")},
		"telling what was not done": {emit: on(Skipped, "last")},
		"wording a failure":         {text: func(error) string { panic("no such member") }},
		"wording for those waiting": {look: unspeakable{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var underWay atomic.Int32
				hang := func(ctx context.Context, verb string) {
					if verb == "create" {
						underWay.Add(1)
						<-ctx.Done()
						time.Sleep(answer)
						underWay.Add(-1)
					}
				}
				fails := func(verb, _ string, _ int) error {
					if verb == "create" {
						time.Sleep(20 * time.Second)
						return &fault{Terminal, "no"}
					}
					return nil
				}
				looks := func(verb, _ string, _ int) error {
					if verb == "look" {
						return tc.look
					}
					return nil
				}
				_, reg := newCloud(t, &kind{spec: Spec{Name: "quick"}, latency: time.Second},
					&kind{spec: Spec{Name: "slow"}, hang: hang},
					&kind{spec: Spec{Name: "bad"}, before: fails},
					&kind{spec: Spec{Name: "wait", ReadyIn: time.Minute}, before: looks},
					&kind{spec: Spec{Name: "late"}}, &kind{spec: Spec{Name: "last"}})
				g := NewGraph()
				quick := g.Add(envOwner, "quick", box{Kind: "quick"})
				slow := g.Add(envOwner, "slow", box{Kind: "slow"})
				g.Add(envOwner, "bad", box{Kind: "bad"})
				g.Add(envOwner, "wait", box{Kind: "wait"})
				g.Add(envOwner, "late", box{Kind: "late", Home: quick.ID()})
				g.Add(envOwner, "last", box{Kind: "last", Home: slow.ID()})
				res, err := (&Runner{Emit: tc.emit, Text: tc.text}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
				if n := underWay.Load(); n != 0 {
					t.Errorf("%d calls are under way when the run has ended", n)
				}
				var mistake *concurrent.PanicError
				if !errors.As(err, &mistake) || !strings.Contains(string(mistake.Stack), "mistake_test.go") {
					t.Errorf("error %v, want a *concurrent.PanicError that shows where", err)
				}
				if res == nil || len(res.Outcomes) == 0 {
					t.Error("the run has no result")
				}
			})
		})
	}
}
