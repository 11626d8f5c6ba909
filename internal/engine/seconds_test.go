package engine

import (
	"testing"
	"testing/synctest"
)

// bothDied are the owners of tests whose runs are cut short.
var bothDied = map[Owner]bool{envOwner: true, stackOwner: true}

// TestATraceIsItsOwnersOnly: a second object that nothing tells from the first,
// and that nothing uses, is what a dead run has left only if a run on its own
// owner has died. Else its tags may be copied: it is named and stays.
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
