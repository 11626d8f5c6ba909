package engine

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

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

// richPlan has an action of every verb.
func richPlan(t *testing.T) *Plan {
	t.Helper()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "ec2.subnet"}},
		&kind{spec: Spec{Name: "ecs.service", ReadyIn: 45 * time.Second, GoneIn: 30 * time.Second}},
		&kind{spec: Spec{Name: "ecs.task-definition", Revises: true}},
		&kind{spec: Spec{Name: "logs.log-group", Keep: "logs"}})
	g, w := NewGraph(), NewObserved(envOwner, stackOwner)
	have := func(n *Node, id string, b box, f func(*Object)) {
		l := Object{Address: n.Address, ID: id, Attrs: Shown(b), LastApplied: LastApplied(AttrsOf(b)), State: StateReady}
		if f != nil {
			f(&l)
		}
		w.Add(n.Address.Type, l)
	}
	same := box{Kind: "ec2.subnet"}
	have(g.Add(envOwner, "public-a", box{Kind: "ec2.subnet", Shape: "10.1.0.0/24"}), "subnet-0123456789abcdef0",
		box{Kind: "ec2.subnet", Shape: "10.0.0.0/24"}, nil)
	have(g.Add(envOwner, "public-b", same), "subnet-1", same, nil)
	have(g.Add(envOwner, "private-a", same), "subnet-2", same, func(l *Object) { l.LastApplied = "stale0" })
	w.Add("ec2.subnet", Object{Address: at(envOwner, "ec2.subnet", "public-c"), ID: "subnet-3"})
	def := func(image string) box {
		return box{Kind: "ecs.task-definition", Parts: []part{{Name: "web", Image: image}}}
	}
	td := g.Add(stackOwner, "web", def("registry.example.com/a-long-repository-name/web-front-end:2026-11-21"))
	have(td, "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7",
		def("registry.example.com/a-long-repository-name/web-front-end:2026-11-20"), nil)
	web := box{Kind: "ecs.service", Size: "2", Uses: []Ref{td.ID()}}
	have(g.Add(stackOwner, "web", web), "arn:aws:ecs:eu-central-1:123456789012:service/shop/web", web,
		func(l *Object) { l.Attrs["size"] = "3"; l.Attrs["uses"] = `["x"]` })
	api := box{Kind: "ecs.service"}
	have(g.Add(stackOwner, "api", api), "arn:aws:ecs:eu-central-1:123456789012:service/shop/api", api,
		func(l *Object) { l.State, l.Detail = StatePending, "1 of 2 tasks running" })
	g.Add(stackOwner, "worker", box{Kind: "ecs.service"})
	w.Add("logs.log-group", Object{Address: at(stackOwner, "logs.log-group", "old"), ID: "/berth/shop-dev/shop/old"})
	p, err := MakePlan(g, w, reg, PlanOptions{RemoveOrphans: true, Now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, d)
	}
}

func TestPlanText(t *testing.T) {
	t.Parallel()
	text := richPlan(t).String()
	golden(t, "plan.txt", text)
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	p := richPlan(t)
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plan.json", string(data)+"\n")
	if err := p.CheckSaved(p); err != nil {
		t.Errorf("the plan does not fit itself: %v", err)
	}
	var moved *MovedError
	if err := p.CheckSaved(&Plan{}); !errors.As(err, &moved) {
		t.Errorf("another plan fits: %v", err)
	}
}
