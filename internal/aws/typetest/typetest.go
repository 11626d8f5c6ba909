package typetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/sandbox"
)

// Env and Stack are the owners of everything.
var (
	Env   = engine.Owner{Environment: "shop-dev"}
	Stack = engine.Owner{Environment: "shop-dev", Project: "shop"}
)

// Sandbox runs f in the sandbox, where waiting takes no time.
func Sandbox(t *testing.T, f func(t *testing.T, cfg aws.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, MaxLag: settle - time.Second})
		if err != nil {
			t.Fatal(err)
		}
		f(t, w.Config())
	})
}

// settle is how long the sandbox's describes may lag behind.
const settle = 15 * time.Second

// Settle waits until the sandbox shows everything that was made.
func Settle(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	if cfg.BaseEndpoint != nil {
		return
	}
	if err := c.Sleep(t.Context(), settle); err != nil {
		t.Fatal(err)
	}
}

// Driver plans and applies against one AWS.
type Driver struct {
	t     *testing.T
	gate  *gate.Gate
	clock clock.Clock
	reg   *engine.Registry
	cfg   aws.Config
}

// New returns a driver of the types that make returns. Their clients must come
// from the configuration that make is given: it passes berth's gate.
func New(t *testing.T, cfg aws.Config, c clock.Clock, make func(aws.Config) []engine.AnyType) *Driver {
	t.Helper()
	d := &Driver{t: t, clock: c, cfg: cfg, gate: gate.New(gate.Options{Clock: c, Rand: func() float64 { return 0.5 }})}
	d.gate.Attach(&cfg)
	reg, err := engine.NewRegistry(make(cfg)...)
	if err != nil {
		t.Fatal(err)
	}
	d.reg = reg
	return d
}

// Calls is the number of calls so far.
func (d *Driver) Calls() int {
	all, _ := gate.Total(d.gate.Counts())
	return all
}

// World reads both owners' objects, once everything can be seen.
func (d *Driver) World(g *engine.Graph, deep bool) *engine.Observed {
	d.t.Helper()
	Settle(d.t, d.cfg, d.clock)
	w, err := engine.Read(d.t.Context(), d.reg, g, []engine.Owner{Env, Stack}, engine.ReadOptions{Deep: deep})
	if err != nil {
		d.t.Fatalf("reading: %s", gate.Text(err))
	}
	return w
}

// runsDied says of both owners that a run has died: a test has types alone, without
// the objects whose use of them would prove that they are berth's.
func runsDied() map[engine.Owner]bool { return map[engine.Owner]bool{Env: true, Stack: true} }

func (d *Driver) plan(g *engine.Graph, deep bool, opts engine.PlanOptions) *engine.Plan {
	d.t.Helper()
	opts.Traces = runsDied()
	p, err := engine.MakePlan(g, d.World(g, deep), d.reg, opts)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// Try plans and applies, and returns what went wrong.
func (d *Driver) Try(ctx context.Context, g *engine.Graph, deep bool, opts engine.PlanOptions) error {
	d.t.Helper()
	opts.RemoveOrphans = true
	r := engine.Runner{Clock: d.clock, Jitter: func() float64 { return 0.5 }}
	_, err := r.Apply(ctx, d.plan(g, deep, opts))
	return err
}

// Up makes the world as the graph describes it. With deep it also repairs what only a
// deep reading shows.
func (d *Driver) Up(g *engine.Graph, deep bool) {
	d.t.Helper()
	if err := d.Try(d.t.Context(), g, deep, engine.PlanOptions{}); err != nil {
		d.t.Fatalf("up: %s", gate.Text(err))
	}
}

// Down deletes everything, including what a teardown would keep.
func (d *Driver) Down() {
	d.t.Helper()
	opts := engine.PlanOptions{Destroy: []engine.Owner{Stack, Env}, DeleteData: true}
	if err := d.Try(d.t.Context(), nil, false, opts); err != nil {
		d.t.Fatalf("down: %s", gate.Text(err))
	}
	if n := d.World(nil, false).Len(); n > 0 {
		d.t.Errorf("after down %d objects are left", n)
	}
}

// MustPlan compares the plan for a graph, one action per line, with want.
func (d *Driver) MustPlan(want string, g *engine.Graph, deep bool) {
	d.t.Helper()
	var lines []string
	for _, a := range d.plan(g, deep, engine.PlanOptions{RemoveOrphans: true}).Actions {
		whys := make([]string, len(a.Reasons))
		for i, r := range a.Reasons {
			whys[i] = strings.TrimSpace(r.Attr + " " + plantext.Words(r.Cause))
			if r.Before != "" || r.After != "" {
				d.t.Logf("%s: %s: %q -> %q", a.Title(), r.Attr, r.Before, r.After)
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s (%s)", a.Verb, a.Title(), strings.Join(whys, ", ")))
	}
	if got := strings.Join(lines, "\n"); got != want {
		d.t.Errorf("plan:\n%s\nwant:\n%s", got, want)
	}
}

// Blind creates everything again as if nothing had been read, as after lost answers:
// every create must find its object, or say who has the name.
func (d *Driver) Blind(g *engine.Graph, adopt map[engine.Address]bool) error {
	d.t.Helper()
	p, err := engine.MakePlan(g, engine.NewObserved(Env, Stack), d.reg, engine.PlanOptions{Adopt: adopt})
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = (&engine.Runner{Clock: d.clock}).Apply(d.t.Context(), p)
	return err
}
