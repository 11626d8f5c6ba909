package project

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoticesAreSaidTogether: what many services share is said once, and saying it
// once more changes nothing.
func TestNoticesAreSaidTogether(t *testing.T) {
	t.Parallel()
	at := func(line int) Position { return Position{File: "c.yaml", Line: line} }
	of := func(line int, service, variable string) Notice {
		return Notice{At: at(line), Text: "service " + service + ": " + variable + " looks odd", Subject: variable, Many: "look odd"}
	}
	list := []Notice{
		of(9, "b", "Y"), of(8, "b", "X"), of(3, "a", "X"), of(4, "a", "Y"), of(5, "a", "Z"),
		{At: at(2), Text: "service b: it is slow"}, {At: at(1), Text: "service a: it is slow"}, {At: at(2), Text: "service b: it is slow"},
		{At: Position{File: "d.yaml", Line: 1}, Text: "service c: it is slow"},
		{Text: "network n: it is old"}, {Text: "network m: it is old"}, {Text: "something else: it is old"},
	}
	want := []string{
		"networks m, n: it is old", "something else: it is old", "c.yaml:1: services a, b: it is slow",
		"c.yaml:3: services a, b: X, Y look odd", "c.yaml:5: service a: Z looks odd", "d.yaml:1: service c: it is slow",
	}
	for range 2 {
		list = SortNotices(slices.Clone(list))
		var got []string
		for _, n := range list {
			got = append(got, n.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
