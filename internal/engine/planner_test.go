package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plainWorld returns ready objects of the kind "thing", each with what it
// mentions.
func plainWorld(things map[string]Object) *Observed {
	w := NewObserved(envOwner, stackOwner)
	for id, l := range things {
		l.ID = id
		if l.State == "" {
			l.State = StateReady
		}
		w.Add("thing", l)
	}
	return w
}

func thingAt(name string) Object { return Object{Address: at(envOwner, "thing", name)} }

func mentioning(name, what string) Object {
	l := thingAt(name)
	l.Attrs = map[string]string{"uses": `["` + what + `"]`}
	return l
}

func TestWorldKeepsWhatOthersReferTo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		things map[string]Object
		want   string
	}{
		"lowest id":       {map[string]Object{"thing-b": thingAt("x"), "thing-a": thingAt("x")}, "thing-a"},
		"referred to":     {map[string]Object{"thing-b": thingAt("x"), "thing-a": thingAt("x"), "thing-c": mentioning("y", "thing-b")}, "thing-b"},
		"not a going one": {map[string]Object{"thing-b": thingAt("x"), "thing-a": {Address: at(envOwner, "thing", "x"), State: StateDeleting}}, "thing-b"},
		"only itself":     {map[string]Object{"thing-b": mentioning("x", "thing-b"), "thing-a": thingAt("x")}, "thing-a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, ok := plainWorld(tc.things).Object(at(envOwner, "thing", "x"))
			if !ok || l.ID != tc.want {
				t.Errorf("keeps %s, want %s", l.ID, tc.want)
			}
		})
	}
}

func TestPlanOfTheRest(t *testing.T) {
	t.Parallel()
	orphan := map[string]Object{"thing-a": thingAt("gone")}
	twins := map[string]Object{"thing-a": thingAt("x"), "thing-b": thingAt("x")}
	nameless := map[string]Object{"thing-a": {Tags: map[string]string{TagOwner: envOwner.String()}}}
	for name, tc := range map[string]struct {
		things map[string]Object
		wants  []string
		opts   PlanOptions
		plan   string
	}{
		"an orphan is left":       {things: orphan, plan: "leave thing/gone"},
		"an orphan is removed":    {things: orphan, opts: PlanOptions{RemoveOrphans: true}, plan: "delete thing/gone"},
		"an orphan is kept":       {things: orphan, opts: PlanOptions{RemoveOrphans: true, KeepOrphans: func(Object) string { return "mine" }}, plan: "leave thing/gone"},
		"targets see no orphans":  {things: orphan, wants: []string{"x"}, opts: PlanOptions{RemoveOrphans: true, Targets: []Address{at(envOwner, "thing", "x")}}, plan: "create thing/x"},
		"a second object goes":    {things: twins, wants: []string{"x"}, plan: "record thing/x; delete thing/x"},
		"both go":                 {things: twins, opts: PlanOptions{Destroy: []Owner{envOwner}}, plan: "delete thing/x; delete thing/x"},
		"destroy is per owner":    {things: twins, wants: []string{"x"}, opts: PlanOptions{Destroy: []Owner{stackOwner}}, plan: "record thing/x; delete thing/x"},
		"one without an address":  {things: nameless, opts: PlanOptions{RemoveOrphans: true}, plan: "delete thing thing-a"},
		"destroy finds it too":    {things: nameless, opts: PlanOptions{Destroy: []Owner{envOwner}}, plan: "delete thing thing-a"},
		"another's is not":        {things: nameless, opts: PlanOptions{Destroy: []Owner{stackOwner}}, plan: ""},
		"what goes needs nothing": {things: map[string]Object{"thing-a": {Address: at(envOwner, "thing", "y"), State: StateDeleting}}, opts: PlanOptions{RemoveOrphans: true}, plan: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, reg := newCloud(t, &kind{spec: Spec{Name: "thing", ReadyIn: time.Second}})
			g := NewGraph()
			for _, name := range tc.wants {
				g.Add(envOwner, name, box{Kind: "thing"})
			}
			p, err := MakePlan(g, plainWorld(tc.things), reg, tc.opts)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.plan, brief(p)); d != "" {
				t.Error(d)
			}
			for _, a := range p.Actions {
				if len(a.Reasons) == 0 {
					t.Errorf("%s has no reason", a.Title())
				}
			}
		})
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t, &kind{spec: Spec{Name: "group"}}, &kind{spec: Spec{Name: "service"}})
		build := func(shape, size string) *Graph {
			g := NewGraph()
			sg := g.Add(envOwner, "sg", box{Kind: "group", Shape: shape})
			g.Add(stackOwner, "web", box{Kind: "service", Size: size, Uses: []Ref{sg.ID()}})
			g.Add(stackOwner, "api", box{Kind: "service", Size: size, Uses: []Ref{sg.ID()}})
			return g
		}
		up(t, reg, build("round", "1"), PlanOptions{})
		opts := PlanOptions{Targets: []Address{at(stackOwner, "service", "web")}}
		if got := brief(planFor(t, reg, build("round", "2"), opts)); got != "update service/web" {
			t.Errorf("plan: %s", got)
		}
		p := planFor(t, reg, build("square", "1"), opts)
		if brief(p) != "replace group/sg; update service/web" || !p.Actions[0].KeepOld {
			t.Errorf("plan: %s", p)
		}
		up(t, reg, build("square", "1"), opts)
		if c.count("group") != 2 {
			t.Error("the old group went although api uses it")
		}
		// The whole plan moves the other one and removes the old group.
		if got := brief(planFor(t, reg, build("square", "1"), PlanOptions{})); got != "delete group/sg; update service/api" {
			t.Errorf("plan: %s", got)
		}
		up(t, reg, build("square", "1"), PlanOptions{})
		if p := planFor(t, reg, build("square", "1"), PlanOptions{}); !p.Empty() || c.count("group") != 1 {
			t.Errorf("second plan: %s", p)
		}
	})
}

func TestDeletesThatNameEachOther(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "thing"}})
	w := plainWorld(map[string]Object{
		"thing-a": mentioning("a", "thing-b"), "thing-b": mentioning("b", "thing-c"),
		"thing-c": mentioning("c", "thing-a"), "thing-d": mentioning("d", "thing-a"), "thing-e": mentioning("e", "thing-e"),
	})
	p, err := MakePlan(nil, w, reg, PlanOptions{Destroy: []Owner{envOwner, stackOwner}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.steps {
		needs := 0
		if s.action.ID == "thing-a" {
			needs = 1 // thing-d, which is outside the circle
		}
		if len(s.needs) != needs {
			t.Errorf("%s waits for %d", s.action.ID, len(s.needs))
		}
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "thing", ReadyIn: time.Second}})
	fingerprint := func(b box, f func(*Object)) string {
		g := NewGraph()
		n := g.Add(envOwner, "x", b)
		l := Object{Address: n.Address, ID: "thing-1", Attrs: Shown(box{Kind: "thing"}), LastApplied: LastApplied(AttrsOf(box{Kind: "thing"})), State: StateReady}
		f(&l)
		w := NewObserved(envOwner)
		w.Add("thing", l)
		p, err := MakePlan(g, w, reg, PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Fingerprint
	}
	b := box{Kind: "thing"}
	base := fingerprint(b, func(*Object) {})
	if fingerprint(b, func(l *Object) { l.Attrs["count"] = "9"; l.Detail = "busy" }) != base {
		t.Error("what others write moves the fingerprint")
	}
	if fingerprint(b, func(l *Object) { l.Attrs["size"] = "9" }) == base {
		t.Error("drift does not move the fingerprint")
	}
	if fingerprint(box{Kind: "thing", Size: "2"}, func(*Object) {}) == base {
		t.Error("an edit does not move the fingerprint")
	}
}

func TestPlanRefusals(t *testing.T) {
	t.Parallel()
	_, reg := newCloud(t, &kind{spec: Spec{Name: "thing"}})
	other := Owner{Environment: "other"}
	for name, tc := range map[string]struct {
		build func(*Graph)
		opts  PlanOptions
		want  string
	}{
		"a type that is unknown":  {func(g *Graph) { g.Add(envOwner, "x", box{Kind: "what"}) }, PlanOptions{}, "no such resource type"},
		"an owner not read":       {func(g *Graph) { g.Add(other, "x", box{Kind: "thing"}) }, PlanOptions{}, "were not read"},
		"two at one address":      {func(g *Graph) { g.Add(envOwner, "x", box{Kind: "thing"}); g.Add(envOwner, "x", box{Kind: "thing"}) }, PlanOptions{}, "two resources"},
		"a target that is absent": {func(*Graph) {}, PlanOptions{Targets: []Address{at(envOwner, "thing", "x")}}, "not in the graph"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewGraph()
			tc.build(g)
			if _, err := MakePlan(g, NewObserved(envOwner), reg, tc.opts); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestReadCollectsAllErrors(t *testing.T) {
	t.Parallel()
	fails := func(text string) func(string, string, int) error {
		return func(string, string, int) error { return &fault{Denied, text} }
	}
	_, reg := newCloud(t, &kind{spec: Spec{Name: "a"}, before: fails("no a")}, &kind{spec: Spec{Name: "b"}, before: fails("no b")},
		&kind{spec: Spec{Name: "c"}, before: fails("no a")}, &kind{spec: Spec{Name: "d"}})
	_, err := Read(t.Context(), reg, nil, []Owner{envOwner}, ReadOptions{})
	if want := "listing a and 1 more: no a\nlisting b: no b"; err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	if ClassOf(err) != Denied {
		t.Errorf("class %v", ClassOf(err))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, reg, nil, nil, ReadOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestReadIsSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var kinds []*kind
		for i := range listsAtOnce + 4 {
			kinds = append(kinds, &kind{spec: Spec{Name: string(rune('a' + i))}, latency: time.Second})
		}
		_, reg := newCloud(t, kinds...)
		began, events := time.Now(), 0
		if _, err := Read(t.Context(), reg, nil, nil, ReadOptions{Emit: func(Event) { events++ }}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("took %v, want two rounds of %d", took, listsAtOnce)
		}
		if events != listsAtOnce+4 {
			t.Errorf("%d events", events)
		}
	})
}
