package typetest

import (
	"fmt"
	"os"
	"regexp"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/sandbox"
)

// CrashPoints runs a story in the sandbox once for every call that it makes and
// every way in which the call can go wrong, and then repeats the disturbed step, which
// knows nothing but what AWS shows. After every step the world must be the same as in
// an undisturbed run. Every third call is disturbed, another
// third in each way; BERTH_CRASH=all disturbs all of them. Under the race
// detector, which makes them ten times as slow, it is every fifteenth.
func CrashPoints(t *testing.T, s Story) {
	t.Helper()
	var want []string
	synctest.Test(t, func(t *testing.T) { want, _ = s.tell(t, 0, sandbox.NoFault) })
	points, stride := 0, every()
	for i, way := range []struct {
		name string
		kind sandbox.FaultKind
	}{{"killed before", sandbox.KillBefore}, {"killed after", sandbox.KillAfter}, {"answer lost", sandbox.FailAfter}} {
		for call, disturbed := int64(i)*stride/3+1, true; disturbed && !t.Failed(); call += stride {
			synctest.Test(t, func(t *testing.T) {
				var got []string
				got, disturbed = s.tell(t, call, way.kind)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s call %d (-undisturbed +disturbed):\n%s", way.name, call, diff)
				}
			})
			points++
		}
	}
	t.Logf("%d crash points", points)
	s.regret(t)
	s.comeBack(t)
}

// every is the distance between two disturbed calls.
func every() int64 {
	if os.Getenv("BERTH_CRASH") == "all" {
		return 1
	}
	return 3
}

// comeBack makes everything, deletes it with its data, and makes it again, all under
// one generation of the lock, as if every run had died near its end. The tokens are
// the same as those of the deleted objects.
func (s Story) comeBack(t *testing.T) {
	t.Helper()
	Sandbox(t, func(t *testing.T, cfg aws.Config) {
		graphs := s.Ground(t, cfg, clock.Wall{})
		d := New(t, cfg, clock.Wall{}, s.Kinds)
		for range 3 {
			d.Up(graphs[0], false)
			d.MustPlan("", graphs[0], true)
			d.Down()
		}
	})
}

// regret kills the teardown at calls that far apart, and then brings everything back.
// A run with an ordinary reading must repair what the teardown left, so that a deep
// reading of everything finds nothing to do.
func (s Story) regret(t *testing.T) {
	t.Helper()
	for call, disturbed := int64(1), true; disturbed && !t.Failed(); call += every() {
		synctest.Test(t, func(t *testing.T) {
			w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, MaxLag: settle - time.Second})
			if err != nil {
				t.Fatal(err)
			}
			graphs := s.Ground(t, w.Config(), clock.Wall{})
			last := graphs[len(graphs)-1]
			must := func(what string, _ *engine.Plan, err error) {
				if err != nil {
					t.Fatalf("%s, teardown killed at call %d: %v", what, call, err)
				}
				time.Sleep(10 * time.Minute)
			}
			up := func(what, generation string) {
				p, err := s.run(t, w, last, engine.PlanOptions{}, generation, engine.ReadOptions{})
				must(what, p, err)
			}
			up("the first run", "1")
			var calls atomic.Int64
			w.Inject(func(sandbox.Call) sandbox.Fault {
				if calls.Add(1) == call {
					return sandbox.Fault{Kind: sandbox.KillAfter}
				}
				return sandbox.Fault{}
			})
			_, _ = s.run(t, w, nil, engine.PlanOptions{Destroy: []engine.Owner{Stack, Env}}, "2", engine.ReadOptions{})
			disturbed = calls.Load() >= call
			w.Inject(nil)
			w.Revive()
			time.Sleep(10 * time.Minute)
			up("the next run", "2")
			p, err := s.run(t, w, last, engine.PlanOptions{}, "3", engine.ReadOptions{Whole: true, Deep: true})
			must("the run after that", p, err)
			if p.Changes() {
				t.Errorf("the teardown was killed at call %d; the next run left this to do:\n%s", call, plantext.Plan(p))
			}
		})
	}
}

// lastApplied finds the hashes of what was last applied, which differ between worlds
// because ids do.
var lastApplied = regexp.MustCompile(`("berth:asked":"|"description":"berth \S+ \S+ )[A-Za-z0-9_-]{6,}`)

// tell runs the story with one fault and returns the world after every step.
func (s Story) tell(t *testing.T, call int64, kind sandbox.FaultKind) (worlds []string, disturbed bool) {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1, MaxLag: settle - time.Second})
	if err != nil {
		t.Fatal(err)
	}
	graphs := s.Ground(t, w.Config(), clock.Wall{})
	var calls atomic.Int64
	w.Inject(func(sandbox.Call) sandbox.Fault {
		if calls.Add(1) == call {
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	down := engine.PlanOptions{Destroy: []engine.Owner{Stack, Env}, DeleteData: true}
	for i := range len(graphs) + 1 {
		var g *engine.Graph
		opts := down
		if i < len(graphs) {
			g, opts = graphs[i], engine.PlanOptions{}
		}
		if err := s.step(t, w, g, opts); err != nil {
			if calls.Load() < call {
				t.Fatalf("step %d: %v", i, err)
			}
			w.Revive()
			if err := s.step(t, w, g, opts); err != nil {
				t.Fatalf("step %d after call %d, the second time: %v", i, call, err)
			}
		}
		time.Sleep(10 * time.Minute) // so that all work in progress ends
		worlds = append(worlds, fmt.Sprintf("after step %d:\n%s", i, lastApplied.ReplaceAllString(w.Dump(), "${1}ASKED")))
	}
	return worlds, calls.Load() >= call && call > 0
}

// step is one run of a new process.
func (s Story) step(t *testing.T, w *sandbox.World, g *engine.Graph, opts engine.PlanOptions) error {
	t.Helper()
	_, err := s.run(t, w, g, opts, "", engine.ReadOptions{Whole: true})
	return err
}

// run is a step under a generation of the lock. It returns its plan.
func (s Story) run(
	t *testing.T, w *sandbox.World, g *engine.Graph, opts engine.PlanOptions, generation string, read engine.ReadOptions,
) (*engine.Plan, error) {
	t.Helper()
	d := New(t, w.Config(), clock.Wall{}, s.Kinds)
	Settle(t, d.cfg, d.clock)
	observed, err := engine.Read(t.Context(), d.reg, g, []engine.Owner{Env, Stack}, read)
	if err != nil {
		return nil, err
	}
	opts.RemoveOrphans, opts.Traces = true, runsDied()
	p, err := engine.MakePlan(g, observed, d.reg, opts)
	if err != nil {
		return nil, err
	}
	r := engine.Runner{
		Clock: d.clock, Jitter: func() float64 { return 0.5 }, Generation: func(engine.Owner) string { return generation },
	}
	_, err = r.Apply(t.Context(), p)
	return p, err
}
