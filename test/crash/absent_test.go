package crash

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// TestAbsentIsUnchanged removes every attribute of every object from what AWS
// shows, one at a time. Nothing has changed, so there must be nothing to do. An
// attribute that cannot change may also be shown empty.
func TestAbsentIsUnchanged(t *testing.T) {
	t.Parallel()
	first, _ := project(t, "dns")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options(1))
		b.SetSecret(t, "shop-dev", "PW", "one")
		zoned(t, b.World)
		if _, err := b.Up(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		p, err := b.Start(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		prepared, err := p.Plan(t.Context(), deploy.Request{Deep: true})
		if err != nil {
			t.Fatal(err)
		}
		fixed := map[engine.Address]map[string]bool{}
		for _, n := range prepared.Graph.Nodes() {
			fixed[n.Address] = map[string]bool{}
			for _, a := range engine.AttrsOf(n.Resource) {
				fixed[n.Address][a.Name] = a.Replace
			}
		}
		tried := 0
		for _, typ := range prepared.Observed.Types() {
			for _, l := range prepared.Observed.Objects(typ) {
				for _, attr := range slices.Sorted(maps.Keys(l.Attrs)) {
					views := []map[string]string{maps.Clone(l.Attrs)}
					delete(views[0], attr)
					if fixed[l.Address][attr] && l.LastApplied != "" {
						empty := maps.Clone(l.Attrs)
						empty[attr] = ""
						views = append(views, empty)
					}
					for _, attrs := range views {
						seen := l
						seen.Attrs = attrs
						plan, err := engine.MakePlan(prepared.Graph, instead(prepared.Observed, typ, seen), prepared.Types(), engine.PlanOptions{RemoveOrphans: true})
						if err != nil {
							t.Fatal(err)
						}
						if plan.Changes() {
							t.Errorf("%s without %s:\n%s", l.Address, attr, plan)
						}
						tried++
					}
				}
			}
		}
		if tried < 300 {
			t.Errorf("only %d attributes", tried)
		}
	})
}

// instead returns the observed objects with one of them replaced.
func instead(w *engine.Observed, typ string, seen engine.Object) *engine.Observed {
	out := engine.NewObserved(w.Owners...)
	for _, of := range w.Types() {
		out.Add(of)
		for _, l := range w.Objects(of) {
			if of == typ && l.ID == seen.ID {
				l = seen
			}
			out.Add(of, l)
		}
	}
	return out
}
