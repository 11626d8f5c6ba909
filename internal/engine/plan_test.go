package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// randomGraph makes a graph of up to 30 resources that refer to earlier ones.
func randomGraph(r *rand.Rand) *Graph {
	g := NewGraph()
	var nodes []*Node
	kinds := []string{"plain", "slow", "revised"}
	for i := range 1 + r.IntN(30) {
		if r.IntN(4) == 0 {
			continue // so that two graphs lack different resources
		}
		b := box{Kind: kinds[i%3], Size: fmt.Sprint(r.IntN(2)), Hidden: fmt.Sprint(r.IntN(2)), Count: r.IntN(2)}
		if r.IntN(5) == 0 {
			b.Shape = fmt.Sprint(r.IntN(2))
		}
		for range r.IntN(3) {
			if len(nodes) > 0 {
				ref := nodes[r.IntN(len(nodes))].ID()
				if r.IntN(2) == 0 {
					ref = ref.WhenReady()
				}
				b.Uses = append(b.Uses, ref)
			}
		}
		if len(nodes) > 0 && r.IntN(3) == 0 {
			b.Home = nodes[r.IntN(len(nodes))].ID()
		}
		owner := []Owner{envOwner, stackOwner}[i%2]
		nodes = append(nodes, g.Add(owner, fmt.Sprint("n", i), b))
	}
	return g
}

func TestAppliedTwiceIsEmpty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				c, reg := newCloud(t,
					&kind{spec: Spec{Name: "plain", Identity: ByTag}, hides: []string{"hidden"}},
					&kind{spec: Spec{Name: "slow", ReadyIn: 20 * time.Second, GoneIn: 10 * time.Second}},
					&kind{spec: Spec{Name: "revised", Revises: true}})
				opts := PlanOptions{RemoveOrphans: true, Traces: bothDied}
				for range 3 {
					g := randomGraph(r)
					up(t, reg, g, opts)
					if p := planFor(t, reg, g, opts); !p.Empty() || p.Unchanged != len(g.Nodes()) {
						t.Fatalf("second plan is not empty:\n%s", p)
					}
				}
				up(t, reg, nil, PlanOptions{Destroy: []Owner{envOwner, stackOwner}})
				if n := c.count("plain") + c.count("slow") + c.count("revised"); n != 0 {
					t.Errorf("%d objects are left", n)
				}
			})
		})
	}
}

// TestInterruptedConverges stops a change at a random moment and goes on.
func TestInterruptedConverges(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 2))
				c, reg := newCloud(t,
					&kind{spec: Spec{Name: "plain", Identity: ByTag}, latency: time.Second},
					&kind{spec: Spec{Name: "slow", ReadyIn: 20 * time.Second, GoneIn: 10 * time.Second}, latency: time.Second},
					&kind{spec: Spec{Name: "revised", Revises: true}, latency: time.Second})
				opts := PlanOptions{RemoveOrphans: true, Traces: bothDied}
				first, second := randomGraph(r), randomGraph(r)
				up(t, reg, first, opts)
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.IntN(60))*time.Second)
				defer cancel()
				_, err := (&Runner{}).Apply(ctx, planFor(t, reg, second, opts))
				if err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Fatal(err)
				}
				up(t, reg, second, opts)
				if p := planFor(t, reg, second, opts); !p.Empty() {
					t.Errorf("not empty:\n%s", p)
				}
				time.Sleep(time.Minute) // what AWS was deleting already is not waited for
				if n := c.count("plain") + c.count("slow") + c.count("revised"); n != len(second.Nodes()) {
					t.Errorf("%d objects, want %d", n, len(second.Nodes()))
				}
			})
		})
	}
}

func TestAPlanFitsItself(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "thing"}})
	g := NewGraph()
	g.Add(stackOwner, "a", box{Kind: "thing"})
	p, err := MakePlan(g, NewObserved(stackOwner), reg, PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.CheckSaved(p); err != nil {
		t.Errorf("the plan does not fit itself: %v", err)
	}
	var moved *MovedError
	if err := p.CheckSaved(&Plan{}); !errors.As(err, &moved) {
		t.Errorf("another plan fits: %v", err)
	}
}
