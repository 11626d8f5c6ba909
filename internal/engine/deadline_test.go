package engine

import (
	"fmt"
	"testing"
	"time"
)

func TestDeadlineFollowsTheSlowestStep(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t,
		&kind{spec: Spec{Name: "vpc"}},
		&kind{spec: Spec{Name: "service", ReadyIn: 46 * time.Second, GoneIn: 20 * time.Second}},
		&kind{spec: Spec{Name: "db", ReadyIn: 6 * time.Minute, ReadyBy: 40 * time.Minute, GoneIn: 4 * time.Minute, GoneBy: 50 * time.Minute}},
		&kind{spec: Spec{Name: "cache", ReadyIn: 7 * time.Minute}},
		&kind{spec: Spec{Name: "file", Burst: 20, Every: time.Second}})
	build := func(kinds ...string) *Graph {
		g := NewGraph()
		last := g.Add(envOwner, "main", box{Kind: "vpc"})
		for _, k := range kinds {
			n := g.Add(stackOwner, "x", box{Kind: k})
			n.After(last, Ready)
			last = n
		}
		return g
	}
	files := func(n int) *Graph {
		g := NewGraph()
		for i := range n {
			g.Add(stackOwner, fmt.Sprintf("f%04d", i), box{Kind: "file"})
		}
		return g
	}
	for name, tc := range map[string]struct {
		graph *Graph
		want  time.Duration
		why   string
	}{
		"nothing slow":        {build("service"), 15 * time.Minute, ""},
		"a database":          {build("db", "service"), 45 * time.Minute, "db/x"},
		"no more is known":    {build("cache", "service"), 25 * time.Minute, "cache/x"},
		"one after the other": {build("cache", "db"), 65 * time.Minute, "db/x"},
		"few at once":         {files(20), 15 * time.Minute, ""},
		"many, one a second":  {files(420), 20 * time.Minute, "file/f0419"},
		"nothing at all":      {NewGraph(), 15 * time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planFor(t, reg, tc.graph, PlanOptions{})
			if got, why := p.Deadline(); got != tc.want || why != tc.why {
				t.Errorf("deadline %v (%s), want %v (%s)", got, why, tc.want, tc.why)
			}
		})
	}
}

// TestTheEstimateKnowsRates: a rate counts only as far as it outlasts the longest chain.
func TestTheEstimateKnowsRates(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t,
		&kind{spec: Spec{Name: "balancer", ReadyIn: 2 * time.Minute}},
		&kind{spec: Spec{Name: "file", Burst: 20, Every: time.Second, ReadyIn: 10 * time.Second}})
	for files, want := range map[int]time.Duration{20: 2 * time.Minute, 100: 2 * time.Minute, 200: 190 * time.Second} {
		g := NewGraph()
		g.Add(envOwner, "main", box{Kind: "balancer"})
		for i := range files {
			g.Add(stackOwner, fmt.Sprintf("f%04d", i), box{Kind: "file"})
		}
		if got := planFor(t, reg, g, PlanOptions{}).Estimate; got != want {
			t.Errorf("%d files: the estimate is %v, want %v", files, got, want)
		}
	}
}
