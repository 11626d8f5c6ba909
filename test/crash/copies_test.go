package crash

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// ours returns a function from the neighbor's marks to the marks of the
// project's own objects at the same place.
func (w world) ours() func(marks) marks {
	asked := map[marks]string{}
	w.remark(func(m marks) marks {
		if !isTheirs(m) && m.asked != "" {
			asked[marks{owner: m.owner, address: m.address}] = m.asked
		}
		return m
	})
	r := strings.NewReplacer("blog-dev", "shop-dev", "/blog", "/shop", "blog.example.com", "shop.example.com")
	return func(m marks) marks {
		to := marks{owner: r.Replace(m.owner), address: r.Replace(m.address)}
		to.asked = asked[to]
		return to
	}
}

// isTheirs says whether a mark in the world of besideNeighbor is the
// neighbor's.
func isTheirs(m marks) bool { return strings.Contains(m.owner, "blog-dev") }

// TestCopiedTags copies the tags of the project's own objects to the neighbor's,
// one object at a time: to a foreign object, to a restored one, to half of a
// network, with lower and with higher ids, depending on the seed. No plan may
// touch the copy, or replace an object of the project because of it.
func TestCopiedTags(t *testing.T) {
	t.Parallel()
	first, _ := project(t, "dns")
	seeds := uint64(1)
	if os.Getenv("BERTH_CRASH") == "all" {
		seeds = 2
	}
	for seed := range seeds {
		opt := options(seed + 1)
		alone := besideNeighbor(t, opt)
		both := alone.with(t, opt, first)
		ours := both.ours()
		for _, c := range []struct {
			name    string
			world   world
			changes bool
			reqs    []deploy.Request
		}{
			{"nothing of ours yet", alone, true, []deploy.Request{{}}},
			{"ours beside it", both, false, []deploy.Request{{}, {Deep: true}, {Down: true}, {Down: true, DeleteData: true}}},
		} {
			theirs := alone.ids()
			for _, copied := range alone.marked() {
				t.Run(fmt.Sprintf("%s/seed %d/%s", c.name, seed, copied.address), func(t *testing.T) {
					t.Parallel()
					w := c.world.clone(t)
					w.remark(func(m marks) marks {
						switch {
						case m == copied:
							return ours(m)
						case isTheirs(m):
							return marks{}
						}
						return m
					})
					path := w.save(t, t.TempDir())
					synctest.Test(t, func(t *testing.T) {
						for _, req := range c.reqs {
							p, err := bed.Load(t, path, opt).Start(t.Context(), first)
							if err != nil {
								t.Fatal(err)
							}
							prepared, err := p.Plan(t.Context(), req)
							var unproven *engine.UnprovenError
							if errors.As(err, &unproven) && c.changes && theirs[unproven.ID] {
								continue // the user is asked
							}
							if err != nil {
								t.Fatalf("%+v: %v", req, err)
							}
							for _, a := range prepared.Actions {
								if a.Verb != engine.VerbLeave && theirs[a.ID] {
									t.Errorf("%+v: %s of %s, which is not berth's:\n%s", req, a.Verb, a.ID, prepared.Plan)
								}
							}
							if !req.Down && !c.changes && prepared.Changes() {
								t.Errorf("%+v changes:\n%s", req, prepared.Plan)
							}
						}
					})
				})
			}
		}
	}
}

// TestCopiedTagsSurvive takes a project through its life while every object of
// the neighbor's carries copied tags.
func TestCopiedTagsSurvive(t *testing.T) {
	t.Parallel()
	first, changed := project(t, "dns")
	for seed := range uint64(2) {
		opt := options(seed + 1)
		w := besideNeighbor(t, opt).with(t, opt, first)
		ours := w.ours()
		w.remark(func(m marks) marks {
			if isTheirs(m) {
				return ours(m)
			}
			return m
		})
		theirs := w.objects().standing().of(besideNeighbor(t, opt).ids())
		path := w.save(t, t.TempDir())
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.Load(t, path, opt)
				for _, step := range []step{
					{"a change", changed, deploy.Request{Deep: true}},
					{"up again", changed, deploy.Request{}},
					{"down", changed, deploy.Request{Down: true}},
					{"down with the data", changed, deploy.Request{Down: true, DeleteData: true}},
				} {
					step.must(t, b, theirs)
				}
			})
		})
	}
}

// of returns the objects with these ids.
func (o objects) of(ids map[string]bool) objects {
	kept := objects{}
	for name, row := range o {
		if ids[rowID(name)] {
			kept[name] = row
		}
	}
	return kept
}

// rowID returns the id in an object's name: the part after its service and its
// table.
func rowID(name string) string { return strings.SplitN(name, "/", 3)[2] }

// ids returns the ids of the objects that exist in a world.
func (w world) ids() map[string]bool {
	ids := map[string]bool{}
	for name := range w.objects().standing() {
		ids[rowID(name)] = true
	}
	return ids
}

// marked returns the neighbor's marks.
func (w world) marked() []marks {
	found := map[string]marks{}
	w.remark(func(m marks) marks {
		if isTheirs(m) {
			found[m.owner+" "+m.address] = m
		}
		return m
	})
	var out []marks
	for _, k := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[k])
	}
	return out
}

func (w world) clone(t *testing.T) world {
	t.Helper()
	return readWorld(t, w.save(t, t.TempDir()))
}
