package engine

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// bothDied are the owners of tests whose runs are cut short.
var bothDied = map[Owner]bool{envOwner: true, stackOwner: true}

// TestATraceIsItsOwnersOnly: a second object that cannot be told from the first
// and that nothing uses counts as left by a dead run only if a run for its own
// owner has died. Otherwise its tags may be copied: the plan names it, and it
// stays.
func TestATraceIsItsOwnersOnly(t *testing.T) {
	t.Parallel()
	owners := []Owner{envOwner, stackOwner}
	for name, died := range map[string]Owner{
		"nobody's run has died":    {},
		"the environment's died":   envOwner,
		"the run of the stack did": stackOwner,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, reg := newCloud(t, &kind{spec: Spec{Name: "ip", Identity: ByTag}})
				g := NewGraph()
				for _, o := range owners {
					g.Add(o, "nat", box{Kind: "ip"})
				}
				up(t, reg, g, PlanOptions{})
				first := c.ids()
				for _, o := range owners {
					c.second(t, at(o, "ip", "nat"))
				}
				p := planFor(t, reg, g, PlanOptions{RemoveOrphans: true, Traces: map[Owner]bool{died: true}})
				for _, a := range p.Actions {
					want := VerbLeave
					if a.Owner() == died {
						want = VerbDelete
					}
					if a.Verb != want || first[a.ID] {
						t.Errorf("%s %s, want %s of the second one:\n%s", a.Verb, a.ID, want, p)
					}
				}
				if len(p.Actions) != 2 {
					t.Errorf("the plan does not name both:\n%s", p)
				}
			})
		})
	}
}

// TestWhatACopyUsesStays: what a protected object uses cannot be deleted
// either. The plan names it, instead of trying its deletion until the deadline.
func TestWhatACopyUsesStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t, &kind{spec: Spec{Name: "router"}}, &kind{spec: Spec{Name: "net", Holds: "a network"}}, &kind{spec: Spec{Name: "other"}})
		g := NewGraph()
		router := g.Add(envOwner, "main", box{Kind: "router"})
		g.Add(envOwner, "net", box{Kind: "net", Home: router.ID()})
		g.Add(envOwner, "other", box{Kind: "other"})
		up(t, reg, g, PlanOptions{})
		c.second(t, at(envOwner, "net", "net"))
		began := time.Now()
		p := planFor(t, reg, g, PlanOptions{Destroy: []Owner{envOwner}})
		for _, a := range p.Actions {
			used := a.Type == "router" && a.Reasons[0].Cause.Kind == CauseUsed && strings.HasPrefix(a.Reasons[0].Cause.Of, "net")
			if want := a.Type == "other"; (a.Verb == VerbDelete) != want || a.Type == "router" && !used {
				t.Errorf("%s %s: %v", a.Verb, a.ID, a.Reasons)
			}
		}
		if _, err := (&Runner{}).Apply(t.Context(), p); err != nil {
			t.Error(err)
		}
		if c.count("router") != 1 || c.count("net") != 2 || c.count("other") != 0 || time.Since(began) > time.Minute {
			t.Errorf("after %s:\n%s", time.Since(began), p)
		}
	})
}

// TestANamedDuplicateIsDeleted: of two objects whose owner is not clear, only
// the one that the user names is deleted; the name of an object that is not a
// duplicate is refused.
func TestANamedDuplicateIsDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t, &kind{spec: Spec{Name: "net", Holds: "a network"}})
		g := NewGraph()
		g.Add(envOwner, "net", box{Kind: "net"})
		up(t, reg, g, PlanOptions{})
		c.second(t, at(envOwner, "net", "net"))
		w, err := Read(t.Context(), reg, g, []Owner{envOwner, stackOwner}, ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var unclear *UnclearError
		if _, err := MakePlan(g, w, reg, PlanOptions{}); !errors.As(err, &unclear) || len(unclear.IDs) != 2 {
			t.Fatalf("without a name: %v, want that it is unclear", err)
		}
		for _, name := range []string{"net/net-000009", "other/" + unclear.IDs[1], unclear.IDs[1]} {
			var none *NoDuplicateError
			if _, err := MakePlan(g, w, reg, PlanOptions{DeleteDuplicates: []string{name}}); !errors.As(err, &none) && !errors.As(err, &unclear) {
				t.Errorf("%s: %v, want that it is refused", name, err)
			}
		}
		both := []string{"net/" + unclear.IDs[0], "net/" + unclear.IDs[1]}
		var none *NoDuplicateError
		if _, err := MakePlan(g, w, reg, PlanOptions{DeleteDuplicates: both}); !errors.As(err, &none) {
			t.Errorf("both: %v, want that the last one is no duplicate", err)
		}
		up(t, reg, g, PlanOptions{DeleteDuplicates: both[1:]})
		if left := c.ids(); len(left) != 1 || !left[unclear.IDs[0]] {
			t.Errorf("left: %v, want %s", left, unclear.IDs[0])
		}
	})
}
