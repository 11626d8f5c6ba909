package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
)

// TestPanicsAreErrors: a type that panics, in any goroutine, fails its action
// and not the process; the other actions succeed.
func TestPanicsAreErrors(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"list", "create", "look"} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				armed := false
				k := &kind{spec: Spec{Name: "lb", ReadyIn: 10 * time.Second}}
				k.before = func(at, _ string, _ int) error {
					if armed && at == verb {
						panic("no such member")
					}
					return nil
				}
				c, reg := newCloud(t, k, &kind{spec: Spec{Name: "vpc"}})
				g := NewGraph()
				g.Add(envOwner, "main", box{Kind: "vpc"})
				g.Add(envOwner, "lb", box{Kind: "lb"})
				plan := planFor(t, reg, g, PlanOptions{})
				armed = true
				var err error
				if verb == "list" {
					_, err = Read(t.Context(), reg, g, []Owner{envOwner}, ReadOptions{})
				} else {
					_, err = (&Runner{}).Apply(t.Context(), plan)
				}
				var mistake *concurrent.PanicError
				if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "lb") {
					t.Fatalf("got %v, want a *concurrent.PanicError that names the action", err)
				}
				if !strings.Contains(string(mistake.Stack), "panic_test.go") {
					t.Errorf("the stack does not show where:\n%s", mistake.Stack)
				}
				if verb != "list" && !c.has("vpc") {
					t.Error("what was under way beside it was not made")
				}
			})
		})
	}
}

func (c *cloud) has(kind string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.things {
		if t.kind == kind {
			return true
		}
	}
	return false
}

// TestEachSurvivesAPanic: the function is called for the other items, and the
// error says where it panicked.
func TestEachSurvivesAPanic(t *testing.T) {
	t.Parallel()
	var none context.Context
	done := make([]bool, 3)
	err := concurrent.Each(done, func(i int, _ bool) error {
		if i == 1 {
			_ = none.Err()
		}
		done[i] = true
		return nil
	})
	var mistake *concurrent.PanicError
	if !errors.As(err, &mistake) || !done[0] || !done[2] {
		t.Errorf("got %v; done: %v", err, done)
	}
}
