package engine

import (
	"reflect"
	"testing"
)

// shown is a resource with a field of every kind.
type shown struct {
	Name   string            `attr:"name,own"`
	Home   Ref               `attr:"home"`
	Count  int               `attr:"count"`
	Small  int32             `attr:"small"`
	On     bool              `attr:"on"`
	Maybe  *bool             `attr:"maybe"`
	Least  *int              `attr:"least"`
	Names  []string          `attr:"names,set"`
	Uses   []Ref             `attr:"uses"`
	Parts  []part            `attr:"parts"`
	Tags   map[string]string `attr:"tags"`
	Refs   map[string]Ref    `attr:"refs"`
	Part   part              `attr:"part"`
	Share  float64           `attr:"share"`
	Unseen string
}

func (shown) Type() string { return "shown" }

func TestShownAndBack(t *testing.T) {
	t.Parallel()
	no, none := false, 0
	for name, want := range map[string]shown{
		"nothing": {},
		"everything": {
			Name: "a \"name\"", Home: Lit("vpc-1"), Count: -3, Small: 7, On: true, Maybe: &no, Least: &none,
			Names: []string{"a", "b,c"}, Uses: Lits("x", "y"), Tags: map[string]string{"k": "<v>"}, Refs: map[string]Ref{"k": Lit("v")},
			Parts: []part{{Name: "p", Args: []string{"-v"}}, {Image: "i"}}, Part: part{Environment: map[string]string{"A": "1"}}, Share: 0.5,
		},
	} {
		if got := ShownAs[shown](Object{Attrs: Shown(want)}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	hidden := shown{Name: "a", Count: 2, Names: []string{"n"}}
	if got := ShownAs[shown](Object{Attrs: Shown(hidden, "count", "names")}); !reflect.DeepEqual(got, shown{Name: "a"}) {
		t.Errorf("hidden attributes: %+v", got)
	}
	odd := Object{Attrs: map[string]string{"count": "many", "small": "99999999999", "on": "perhaps", "names": "a, b", "parts": "{"}}
	if got := ShownAs[shown](odd); !reflect.DeepEqual(got, shown{}) {
		t.Errorf("texts of nobody: %+v", got)
	}
}
