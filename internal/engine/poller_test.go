package engine

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/engine/pace"
)

func TestPaceMeetsTypicalTime(t *testing.T) {
	t.Parallel()
	for _, typical := range []time.Duration{0, time.Second, 1500 * time.Millisecond, 3 * time.Second,
		10 * time.Second, 35 * time.Second, 86 * time.Second, 128 * time.Second, 10 * time.Minute} {
		var looks []time.Duration
		met := typical == 0
		for e := time.Duration(0); e < typical+time.Minute; {
			next := pace.Next(e, typical)
			if next < e+pace.LeastGap {
				t.Fatalf("typical %v: after %v comes %v", typical, e, next)
			}
			late := next - max(e, typical)
			if e >= typical && late > 2*time.Second {
				t.Errorf("typical %v: a pause of %v at %v", typical, next-e, e)
			}
			e = next
			looks = append(looks, e)
			met = met || e == typical
		}
		if !met {
			t.Errorf("typical %v: no look at that time: %v", typical, looks)
		}
		if typical > 0 && looks[0] > 500*time.Millisecond {
			t.Errorf("typical %v: the first look is at %v", typical, looks[0])
		}
	}
}

func TestLooksAreFewAndShared(t *testing.T) {
	t.Parallel()
	looks := func(objects int) (n int) {
		synctest.Test(t, func(t *testing.T) {
			k := &kind{spec: Spec{Name: "lb", ReadyIn: 120 * time.Second}}
			_, reg := newCloud(t, k)
			g := NewGraph()
			for i := range objects {
				g.Add(envOwner, fmt.Sprint(i), box{Kind: "lb"})
			}
			if _, took := up(t, reg, g, PlanOptions{}); took != 120*time.Second {
				t.Errorf("%d objects took %v", objects, took)
			}
			n = k.looks
		})
		return n
	}
	one, many := looks(1), looks(10)
	if one > 45 {
		t.Errorf("one object took %d looks", one)
	}
	if many > one+2 {
		t.Errorf("ten objects took %d looks, one took %d", many, one)
	}
}

func TestReadyAtOnceIsNotLookedAt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "lb", ReadyIn: 120 * time.Second}, readyIn: time.Nanosecond, latency: time.Millisecond}
		c, reg := newCloud(t, k)
		c.kinds["lb"].readyIn = 0
		g := NewGraph()
		g.Add(envOwner, "x", box{Kind: "lb"})
		up(t, reg, g, PlanOptions{})
		if k.looks != 0 {
			t.Errorf("%d looks at an object that was ready", k.looks)
		}
	})
}

func TestLookLagIsNoAbsence(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lag   time.Duration
		fails bool
	}{
		"shows late": {10 * time.Second, false},
		"never":      {time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, reg := newCloud(t, &kind{spec: Spec{Name: "lb", ReadyIn: 5 * time.Second}, lag: tc.lag})
				g := NewGraph()
				g.Add(envOwner, "x", box{Kind: "lb"})
				plan := planFor(t, reg, g, PlanOptions{})
				began := time.Now()
				_, err := (&Runner{}).Apply(t.Context(), plan)
				if (err != nil) != tc.fails {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); tc.fails && took < lagBound {
					t.Errorf("taken for absent after %v", took)
				}
			})
		})
	}
}

func TestLookFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		class Class
		fails bool
	}{
		"throttled": {Throttled, false},
		"no answer": {Unknown, false},
		"denied":    {Denied, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, reg := newCloud(t, &kind{spec: Spec{Name: "lb", ReadyIn: 5 * time.Second}, before: failing("look", 2, tc.class)})
				g := NewGraph()
				g.Add(envOwner, "x", box{Kind: "lb"})
				_, err := (&Runner{}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
				if (err != nil) != tc.fails {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// TestOneAbsentObjectSpoilsNoLook: AWS fails a describe call for several
// objects if one of them does not exist.
func TestOneAbsentObjectSpoilsNoLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "lb", GoneIn: 5 * time.Second}}
		_, reg := newCloud(t, k)
		g := NewGraph()
		for _, name := range []string{"a", "b", "c"} {
			g.Add(envOwner, name, box{Kind: "lb"})
		}
		up(t, reg, g, PlanOptions{})
		plan := planFor(t, reg, nil, PlanOptions{Destroy: []Owner{envOwner}})
		k.before = func(verb, _ string, n int) error {
			if verb == "look" && n > 1 {
				return &fault{NotFound, "not there"}
			}
			return nil
		}
		if _, err := (&Runner{}).Apply(t.Context(), plan); err != nil {
			t.Error(err)
		}
	})
}

func TestWaitOnlyAndPredecessor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t, &kind{spec: Spec{Name: "nat", ReadyIn: 60 * time.Second, GoneIn: 40 * time.Second}})
		g := NewGraph()
		g.Add(envOwner, "a", box{Kind: "nat"})
		up(t, reg, g, PlanOptions{})
		began := time.Now()
		c.edit(t, at(envOwner, "nat", "a"), func(th *thing) { th.ready = began.Add(20 * time.Second) })
		p := planFor(t, reg, g, PlanOptions{})
		if brief(p) != "wait nat/a" || p.Changes() || p.Empty() {
			t.Errorf("plan: %s", p)
		}
		if _, took := up(t, reg, g, PlanOptions{}); took < 20*time.Second || took > 25*time.Second {
			t.Errorf("waited %v", took)
		}
		c.edit(t, at(envOwner, "nat", "a"), func(th *thing) { th.deletions, th.gone = true, time.Now().Add(40*time.Second) })
		p = planFor(t, reg, g, PlanOptions{})
		if brief(p) != "create nat/a" || p.Estimate != 100*time.Second {
			t.Errorf("plan: %s", p)
		}
		if _, took := up(t, reg, g, PlanOptions{}); took != 100*time.Second {
			t.Errorf("took %v, want gone and then ready", took)
		}
		if c.count("nat") != 1 {
			t.Errorf("%d objects", c.count("nat"))
		}
	})
}

func TestDeadObjectIsDeletedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "nat", Identity: Token, DeadWhenFailed: true, ReadyIn: 60 * time.Second, GoneIn: 10 * time.Second}}
		c, reg := newCloud(t, k, &kind{spec: Spec{Name: "route"}})
		g := NewGraph()
		nat := g.Add(envOwner, "a", box{Kind: "nat"})
		g.Add(envOwner, "r", box{Kind: "route", Uses: []Ref{nat.ID()}})
		up(t, reg, g, PlanOptions{})
		c.edit(t, at(envOwner, "nat", "a"), func(th *thing) { th.failed = true })
		if got := brief(planFor(t, reg, g, PlanOptions{})); got != "replace nat/a; update route/r" {
			t.Errorf("plan: %s", got)
		}
		k.before = func(verb, name string, n int) error { return nil }
		// The route names the deleted object until the new one exists.
		c.edit(t, at(envOwner, "route", "r"), func(th *thing) { th.want.Uses = nil })
		if _, took := up(t, reg, g, PlanOptions{}); took != 70*time.Second {
			t.Errorf("took %v", took)
		}
		if p := planFor(t, reg, g, PlanOptions{}); !p.Empty() || c.count("nat") != 1 {
			t.Errorf("second plan: %s", p)
		}
	})
}
