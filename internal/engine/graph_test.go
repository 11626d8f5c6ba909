package engine

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEdgesComeFromRefs(t *testing.T) {
	t.Parallel()
	g := NewGraph()
	a := g.Add(envOwner, "a", box{Kind: "thing"})
	b := g.Add(envOwner, "b", box{Kind: "thing"})
	c := g.Add(envOwner, "c", box{Kind: "thing"})
	n := g.Add(envOwner, "n", box{Kind: "thing", Home: a.ID(), Uses: []Ref{b.ARN(), a.ID().WhenReady(), Lit("x")}}).After(c, Ready)
	want := []Edge{{a.Address, Ready}, {b.Address, Created}, {c.Address, Ready}}
	if d := cmp.Diff(want, n.Edges()); d != "" {
		t.Error(d)
	}
	if err := g.Check(); err != nil {
		t.Error(err)
	}
}

func TestGraphRefusesCycles(t *testing.T) {
	t.Parallel()
	g := NewGraph()
	a := g.Add(envOwner, "a", box{Kind: "thing"})
	b := g.Add(envOwner, "b", box{Kind: "thing", Home: a.ID()})
	a.After(b, Created)
	if err := g.Check(); err == nil || !strings.Contains(err.Error(), "thing/a -> thing/b -> thing/a") {
		t.Errorf("error %v", err)
	}
	g = NewGraph()
	g.Add(envOwner, "b", box{Kind: "thing", Home: NewGraph().Add(envOwner, "a", box{Kind: "thing"}).ID()})
	if err := g.Check(); err == nil || !strings.Contains(err.Error(), "which is not in the graph") {
		t.Errorf("error %v", err)
	}
}

func TestResolveLeavesTheOriginal(t *testing.T) {
	t.Parallel()
	g := NewGraph()
	a := g.Add(envOwner, "a", box{Kind: "thing"})
	desired := box{Kind: "thing", Home: a.ID(), Uses: []Ref{a.ARN(), Lit("b")}, Options: map[string]string{"k": "v"}}
	done := resolve(desired, func(to Address, output string) (string, bool) { return to.Name + "." + output, output == "arn" }).(box)
	if done.Home.Known() || done.Uses[0].Value() != "a.arn" || desired.Uses[0].Known() {
		t.Errorf("resolved %v, original %v", done, desired)
	}
	want := map[string]string{"home": "(thing/a.id)", "uses": `["a.arn","b"]`, "options": `{"k":"v"}`, "count": "0"}
	for _, attr := range AttrsOf(done) {
		if w, ok := want[attr.Name]; ok && attr.Value != w {
			t.Errorf("%s is %s, want %s", attr.Name, attr.Value, w)
		}
		if attr.Known == (attr.Name == "home") {
			t.Errorf("%s: known %v", attr.Name, attr.Known)
		}
	}
}

func TestMissingOutputIsNoChange(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "thing"}})
	g, w := NewGraph(), NewObserved(envOwner)
	base := box{Kind: "thing"}
	a := g.Add(envOwner, "a", base)
	b := g.Add(envOwner, "b", box{Kind: "thing", Uses: []Ref{a.ARN()}})
	w.Add("thing", Object{Address: a.Address, ID: "thing-1", Attrs: Shown(base), LastApplied: LastApplied(AttrsOf(base)), State: StateReady})
	w.Add("thing", Object{Address: b.Address, ID: "thing-2", Attrs: Shown(base), LastApplied: LastApplied(AttrsOf(base)), State: StateReady})
	p, err := MakePlan(g, w, reg, PlanOptions{})
	if err != nil || !p.Empty() {
		t.Errorf("error %v, plan: %s", err, p)
	}
	// If the object must be changed for another reason, the run says what is
	// missing.
	b.Resource = box{Kind: "thing", Size: "2", Uses: []Ref{a.ARN()}}
	if p, err = MakePlan(g, w, reg, PlanOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err = (&Runner{}).Apply(t.Context(), p)
	if err == nil || !strings.Contains(err.Error(), "it needs arn of thing/a, which the provider did not show") {
		t.Errorf("error %v", err)
	}
}
