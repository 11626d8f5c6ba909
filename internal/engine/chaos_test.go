package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// dice fails calls at random, with classes that pass. Within one run no object's
// calls stay without an answer so often that the engine gives up.
type dice struct {
	mu     sync.Mutex
	r      *rand.Rand
	doubts map[string]int
}

func (d *dice) newRun() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doubts = map[string]int{}
}

func (d *dice) roll(classes ...Class) func(string, string, int) error {
	return func(verb, name string, _ int) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.r.IntN(5) > 0 || verb == "list" {
			return nil
		}
		c := classes[d.r.IntN(len(classes))]
		if c == Unknown {
			if d.doubts[name]++; d.doubts[name] >= doubtsAtMost {
				return nil
			}
		}
		return &fault{c, fmt.Sprintf("%s fails with class %d", verb, c)}
	}
}

// TestChaosConverges runs changes with lost answers, throttling, conflicts and
// lists that lag, each cut short once at a random moment.
func TestChaosConverges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 3))
				d := &dice{r: rand.New(rand.NewPCG(seed, 4))}
				kinds := []*kind{
					{spec: Spec{Name: "plain", Identity: ByTag}},
					{spec: Spec{Name: "slow", Identity: Token, ReadyIn: 20 * time.Second, GoneIn: 10 * time.Second}},
					{spec: Spec{Name: "revised", Identity: ByTag, Revises: true}},
				}
				for _, k := range kinds {
					k.latency = 100 * time.Millisecond
					k.before, k.after = d.roll(Throttled, NotYet, Conflict, Unknown), d.roll(Unknown)
					k.lag = time.Duration(r.IntN(14)) * time.Second
				}
				c, reg := newCloud(t, kinds...)
				opts := PlanOptions{RemoveOrphans: true, Traces: bothDied}
				for round := range 3 {
					g := randomGraph(r)
					runner := &Runner{Generation: func(Owner) string { return fmt.Sprint(round) }}
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.IntN(90))*time.Second)
					d.newRun()
					_, err := runner.Apply(ctx, planFor(t, reg, g, opts))
					cancel()
					if err != nil && !errors.Is(err, context.DeadlineExceeded) {
						t.Fatal(err)
					}
					time.Sleep(lagBound) // as the run after an unclean lock does
					d.newRun()
					if _, err := runner.Apply(t.Context(), planFor(t, reg, g, opts)); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Minute)
					if p := planFor(t, reg, g, opts); !p.Empty() {
						t.Fatalf("round %d: not empty:\n%s", round, p)
					}
					if n := c.count("plain") + c.count("slow") + c.count("revised"); n != len(g.Nodes()) {
						t.Fatalf("round %d: %d objects, want %d", round, n, len(g.Nodes()))
					}
				}
			})
		})
	}
}
