package engine

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	base := box{Kind: "thing", Size: "1", Hidden: "h", Count: 2, Seed: "s"}
	with := func(f func(*box)) box { b := base; f(&b); return b }
	quiet := with(func(b *box) { b.Quiet = "old" })
	for name, tc := range map[string]struct {
		// lastApplied and object are the last applied and the observed state; want
		// is the desired state. A nil lastApplied is an object without
		// TagLastApplied.
		lastApplied  *box
		object, want box
		hide         []string
		untagged     bool
		state        State
		reasons      []Reason
		verb         Verb
	}{
		"nothing changed": {lastApplied: &base, object: base, want: base, verb: VerbNone},
		"edited": {lastApplied: &base, object: base, want: with(func(b *box) { b.Size = "2" }),
			reasons: []Reason{{"size", "1", "2", Cause{Kind: CauseEdited}}}, verb: VerbUpdate},
		"drift": {lastApplied: &base, object: with(func(b *box) { b.Size = "9" }), want: base,
			reasons: []Reason{{"size", "9", "1", Cause{Kind: CauseDrift}}}, verb: VerbUpdate},
		"edited and drifted": {lastApplied: &base, object: with(func(b *box) { b.Size = "9" }), want: with(func(b *box) { b.Size = "2" }),
			reasons: []Reason{{"size", "9", "2", Cause{Kind: CauseEdited}}}, verb: VerbUpdate},
		"edited to what it had drifted to": {lastApplied: &base, object: with(func(b *box) { b.Size = "2" }),
			want: with(func(b *box) { b.Size = "2" }), verb: VerbRecord},
		"hidden and edited": {lastApplied: &base, object: base, hide: []string{"hidden"}, want: with(func(b *box) { b.Hidden = "new" }),
			reasons: []Reason{{"hidden", "", "new", Cause{Kind: CauseEdited}}}, verb: VerbUpdate},
		"hidden and equal": {lastApplied: &base, object: with(func(b *box) { b.Hidden = "other" }), hide: []string{"hidden"},
			want: base, verb: VerbNone},
		"external drift": {lastApplied: &base, object: with(func(b *box) { b.Count = 7 }), want: base, verb: VerbNone},
		"external edit": {lastApplied: &base, object: with(func(b *box) { b.Count = 7 }), want: with(func(b *box) { b.Count = 3 }),
			reasons: []Reason{{"count", "7", "3", Cause{Kind: CauseEdited}}}, verb: VerbUpdate},
		"create only": {lastApplied: &base, object: base, want: with(func(b *box) { b.Seed = "other" }), verb: VerbNone},
		"replace": {lastApplied: &base, object: base, want: with(func(b *box) { b.Shape = "round" }),
			reasons: []Reason{{"shape", "", "round", Cause{Kind: CauseEdited}}}, verb: VerbReplace},
		"no asked, untagged, equal": {object: base, want: base, untagged: true, verb: VerbNone},
		"no asked, untagged, differs": {object: base, want: with(func(b *box) { b.Size = "2" }), untagged: true,
			reasons: []Reason{{"size", "1", "2", Cause{Kind: CauseDiffers}}}, verb: VerbUpdate},
		"no asked, untagged, hidden": {object: base, want: with(func(b *box) { b.Hidden = "new" }), hide: []string{"hidden"},
			untagged: true, verb: VerbNone},
		"no asked, equal": {object: base, want: base, verb: VerbRecord},
		"half made": {object: base, want: base, hide: []string{"hidden"},
			reasons: []Reason{{Attr: "hidden", Cause: Cause{Kind: CauseUnset}}}, verb: VerbUpdate},
		"never asked and hidden": {lastApplied: &base, object: base, want: with(func(b *box) { b.Quiet = "new" }), hide: []string{"quiet"},
			reasons: []Reason{{Attr: "quiet", Cause: Cause{Kind: CauseUnset}}}, verb: VerbUpdate},
		"silent and hidden": {lastApplied: &quiet, object: base, want: base, hide: []string{"quiet"},
			reasons: []Reason{{Attr: "quiet", Cause: Cause{Kind: CauseEdited}}}, verb: VerbUpdate},
		"failed": {lastApplied: &base, object: base, want: base, state: StateFailed,
			reasons: []Reason{{Cause: Cause{Kind: CauseFailed, Detail: "broken"}}}, verb: VerbUpdate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, reg := newCloud(t, &kind{spec: Spec{Name: "thing", Untagged: tc.untagged}})
			g := NewGraph()
			n := g.Add(envOwner, "x", tc.want)
			object := Object{Address: n.Address, ID: "thing-1", Attrs: Shown(tc.object, append(tc.hide, "seed")...), State: StateReady}
			if tc.lastApplied != nil {
				object.LastApplied = LastApplied(AttrsOf(*tc.lastApplied))
			}
			if tc.state != "" {
				object.State, object.Detail = tc.state, "broken"
			}
			w := NewObserved(envOwner)
			w.Add("thing", object)
			p, err := MakePlan(g, w, reg, PlanOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if tc.verb == VerbNone {
				if len(p.Actions) > 0 {
					t.Errorf("plan: %s", p)
				}
				return
			}
			if len(p.Actions) != 1 || p.Actions[0].Verb != tc.verb {
				t.Fatalf("want %s, plan: %s", tc.verb, p)
			}
			if d := cmp.Diff(tc.reasons, p.Actions[0].Reasons); tc.reasons != nil && d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	base := box{Kind: "thing"}
	for name, tc := range map[string]struct {
		labels, lastApplied, tags map[string]string
		verb                      Verb
	}{
		"none":             {nil, nil, map[string]string{"Name": "n", "berth:owner": "o"}, VerbNone},
		"equal":            {map[string]string{"team": "a"}, map[string]string{"team": "a"}, map[string]string{"team": "a", "Name": "n"}, VerbNone},
		"added":            {map[string]string{"team": "a"}, nil, map[string]string{}, VerbUpdate},
		"removed":          {nil, map[string]string{"team": "a"}, map[string]string{"team": "a"}, VerbUpdate},
		"drift":            {map[string]string{"team": "a"}, map[string]string{"team": "a"}, map[string]string{}, VerbUpdate},
		"not read":         {map[string]string{"team": "a"}, map[string]string{"team": "a"}, nil, VerbNone},
		"not read, edited": {map[string]string{"team": "b"}, map[string]string{"team": "a"}, nil, VerbUpdate},
		"a name of one's own": {map[string]string{"Name": "mine"}, map[string]string{"Name": "mine"},
			map[string]string{"Name": "mine"}, VerbNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, reg := newCloud(t, &kind{spec: Spec{Name: "thing"}})
			g := NewGraph()
			n := g.Add(envOwner, "x", base).Label(tc.labels)
			w := NewObserved(envOwner)
			w.Add("thing", Object{Address: n.Address, ID: "thing-1", Attrs: Shown(base), Tags: tc.tags, State: StateReady,
				LastApplied: LastApplied(withLabels(AttrsOf(base), labelsAttr(tc.lastApplied)))})
			p, err := MakePlan(g, w, reg, PlanOptions{})
			if err != nil {
				t.Fatal(err)
			}
			got := VerbNone
			if len(p.Actions) > 0 {
				got = p.Actions[0].Verb
			}
			if got != tc.verb {
				t.Errorf("%s, want %s: %s", got, tc.verb, p)
			}
			if got == VerbUpdate && len(p.Actions[0].changed) > 0 {
				t.Errorf("labels are among the changed attributes: %v", p.Actions[0].changed)
			}
		})
	}
}

// colliding returns two attribute names with the same key in TagLastApplied.
func colliding(t *testing.T) (a, b string) {
	t.Helper()
	seen := map[string]string{}
	for i := 'a'; i <= 'z'; i++ {
		for j := 'a'; j <= 'z'; j++ {
			for k := 'a'; k <= 'z'; k++ {
				name := string([]rune{i, j, k})
				if other, ok := seen[short(name, 2)]; ok {
					return other, name
				}
				seen[short(name, 2)] = name
			}
		}
	}
	t.Fatal("no two names collide")
	return "", ""
}

func TestAskedSurvivesCollidingNames(t *testing.T) {
	t.Parallel()
	a, b := colliding(t)
	lastApplied := LastApplied([]Attr{{Name: a, Value: "1", Known: true}, {Name: b, Value: "2", Known: true}})
	for _, tc := range []struct {
		name, value string
		known, same bool
	}{
		{a, "1", true, true}, {b, "2", true, true}, {a, "3", true, false}, {b, "3", true, false},
		{"quite another", "1", false, false},
	} {
		if known, same := lastAppliedAs(lastApplied, tc.name, tc.value); known != tc.known || same != tc.same {
			t.Errorf("askedFor(%s=%s) = %v, %v", tc.name, tc.value, known, same)
		}
	}
}

func TestAskedFitsATag(t *testing.T) {
	t.Parallel()
	attrs := make([]Attr, 42)
	for i := range attrs {
		attrs[i] = Attr{Name: string(rune('a' + i)), Known: true}
	}
	if n := len(LastApplied(attrs)); n > 256 {
		t.Errorf("%d characters", n)
	}
}

func TestTagsOfADesiredState(t *testing.T) {
	t.Parallel()
	g := NewGraph()
	n := g.Add(stackOwner, "web", box{Kind: "thing"}).Label(map[string]string{"team": "a", "berth:owner": "no"})
	tags := tagsFor(n, AttrsOf(n.Resource))
	want := []string{"Name", TagAddress, TagLastApplied, TagOwner, "team"}
	if got := slices.Sorted(maps.Keys(tags)); !slices.Equal(got, want) {
		t.Errorf("keys %v, want %v", got, want)
	}
	if tags["Name"] != "shop-dev/shop/web" || tags[TagOwner] != "stack/shop-dev/shop" || tags[TagAddress] != "thing/web" {
		t.Errorf("tags %v", tags)
	}
}
