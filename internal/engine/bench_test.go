package engine

import (
	"fmt"
	"testing"
)

// BenchmarkMakePlan plans an empty world and a full one for 300 services of
// six resources each.
func BenchmarkMakePlan(b *testing.B) {
	g, full := NewGraph(), NewObserved(envOwner, stackOwner)
	vpc := g.Add(envOwner, "main", box{Kind: "vpc"})
	for i := range 300 {
		var refs []Ref
		for j := range 6 {
			n := g.Add(stackOwner, fmt.Sprint(i, "-", j), box{Kind: "thing", Home: vpc.ID(), Uses: refs, Parts: []part{{Name: "web", Image: "nginx"}}})
			refs = append(refs, n.ID())
		}
	}
	ids := func(a Address, _ string) (string, bool) { return "id-" + a.Name + "-000", true }
	for _, n := range g.Nodes() {
		want := resolve(n.Resource, ids)
		full.Add(n.Address.Type, Object{Address: n.Address, ID: "id-" + n.Address.Name + "-000",
			Attrs: Shown(want), LastApplied: LastApplied(AttrsOf(want)), State: StateReady})
	}
	var types []AnyType
	for _, name := range []string{"vpc", "thing"} {
		types = append(types, Erase(&kind{spec: Spec{Name: name}}))
	}
	reg, err := NewRegistry(types...)
	if err != nil {
		b.Fatal(err)
	}
	for name, w := range map[string]*Observed{"create": NewObserved(envOwner, stackOwner), "unchanged": full} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, err := MakePlan(g, w, reg, PlanOptions{})
				if err != nil || (name == "unchanged") != p.Empty() {
					b.Fatalf("error %v, %s", err, brief(p))
				}
			}
		})
	}
}
