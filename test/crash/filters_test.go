package crash

import (
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestFiltersAreNotTrusted runs a whole life in which every list ignores its
// filters: tags, paths, names. The account also has its default objects, and a
// project with objects of every type that carry another owner's marks or none.
// The run may touch none of them.
func TestFiltersAreNotTrusted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, discovery string
		marks           func(marks) marks
	}{
		{"another owner", "dns", func(m marks) marks { return m }},
		{"no mark", "dns", func(marks) marks { return marks{} }},
		{"no address", "dns", func(m marks) marks { return marks{owner: m.owner, asked: m.asked} }},
		{"another owner, Service Connect", "connect", func(m marks) marks { return m }},
	} {
		first, changed := project(t, c.discovery)
		opt := options(1)
		w := besideNeighbor(t, opt)
		w.remark(c.marks)
		theirs := w.objects().standing()
		path := w.save(t, t.TempDir())
		opt.IgnoreFilters = true
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.Load(t, path, opt)
				for _, step := range []step{
					{"plan", first, deploy.Request{ReadOnly: true, Deep: true}},
					{"up", first, deploy.Request{}},
					{"a change", changed, deploy.Request{Deep: true}},
					{"down", changed, deploy.Request{Down: true, DeleteData: true}},
					{"down of nothing", changed, deploy.Request{Down: true, DeleteData: true}},
				} {
					step.must(t, b, theirs)
				}
			})
		})
	}
}
