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
	"github.com/berthdev/berth/internal/sandbox"
)

// Story is what CrashPoints disturbs.
type Story struct {
	// Kinds makes the types; Ground makes what they stand on, and the graphs
	// that are applied one after the other. A teardown follows.
	Kinds  func(aws.Config) []engine.AnyType
	Ground func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph
}

// CrashPoints runs a story in the sandbox once for every call that it makes and
// every way in which the call can go wrong, and then the disturbed step again
// with nothing but AWS to go by. The world must become the same as in an
// undisturbed run, after every step. Every third call is disturbed, another
// third in each way; BERTH_CRASH=all disturbs all of them.
func CrashPoints(t *testing.T, s Story) {
	t.Helper()
	var want []string
	synctest.Test(t, func(t *testing.T) { want, _ = s.tell(t, 0, sandbox.NoFault) })
	points, stride := 0, int64(3)
	if os.Getenv("BERTH_CRASH") == "all" {
		stride = 1
	}
	first := int64(0)
	for name, kind := range map[string]sandbox.FaultKind{
		"killed before": sandbox.KillBefore, "killed after": sandbox.KillAfter, "answer lost": sandbox.FailAfter,
	} {
		first++
		for call, disturbed := (first-1)%stride+1, true; disturbed && !t.Failed(); call += stride {
			synctest.Test(t, func(t *testing.T) {
				var got []string
				got, disturbed = s.tell(t, call, kind)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s call %d (-undisturbed +disturbed):\n%s", name, call, diff)
				}
			})
			points++
		}
	}
	t.Logf("%d crash points", points)
}

// asked finds what was asked for, which hashes ids that no two worlds share.
var asked = regexp.MustCompile(`("berth:asked":"|"description":"berth \S+ \S+ )[A-Za-z0-9_-]{6,}`)

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
		time.Sleep(10 * time.Minute) // whatever is under way ends
		worlds = append(worlds, fmt.Sprintf("after step %d:\n%s", i, asked.ReplaceAllString(w.Dump(), "${1}ASKED")))
	}
	return worlds, calls.Load() >= call && call > 0
}

// step is one run of a process of its own.
func (s Story) step(t *testing.T, w *sandbox.World, g *engine.Graph, opts engine.PlanOptions) error {
	t.Helper()
	d := New(t, w.Config(), clock.Wall{}, s.Kinds)
	Settle(t, d.cfg, d.clock)
	world, err := engine.Read(t.Context(), d.reg, g, []engine.Owner{Env, Stack}, engine.ReadOptions{Whole: true})
	if err != nil {
		return err
	}
	opts.RemoveOrphans = true
	p, err := engine.MakePlan(g, world, d.reg, opts)
	if err != nil {
		return err
	}
	_, err = (&engine.Runner{Clock: d.clock, Jitter: func() float64 { return 0.5 }}).Apply(t.Context(), p)
	return err
}
