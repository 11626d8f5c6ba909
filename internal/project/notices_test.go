package project

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNoticesAreSaidTogether: what many services share is said once, whatever file
// they are in, and saying it once more changes nothing.
func TestNoticesAreSaidTogether(t *testing.T) {
	t.Parallel()
	list := slices.Clone(notices())
	want := []string{
		"networks m, n: it is old", "something else: it is old", "c.yaml:1: services a, b, c: it is slow",
		"c.yaml:3: services a, b: X, Y look odd", "c.yaml:5: service a: Z looks odd", "c.yaml:7: service b: it is public",
	}
	for range 2 {
		list = SortNotices(slices.Clone(list))
		if diff := cmp.Diff(want, texts(list)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if slow := list[2]; len(slow.Also) != 2 || slow.Also[1].File != "d.yaml" {
		t.Errorf("the places of what is said together are %v", slow.Also)
	}
}

// TestFewNoticesAreImportant: those that ask for a decision come by what there is to
// decide, each once for all services; the others are counted.
func TestFewNoticesAreImportant(t *testing.T) {
	t.Parallel()
	got, further := Important(notices())
	want := []string{"c.yaml:7: service b: it is public", "c.yaml:3: services a, b: X, Y, Z look odd"}
	if diff := cmp.Diff(want, texts(got)); diff != "" || further != 3 {
		t.Errorf("%d further; -want +got:\n%s", further, diff)
	}
	if got, further := Important(nil); len(got) != 0 || further != 0 {
		t.Errorf("of none: %v, %d further", got, further)
	}
}

func notices() []Notice {
	at := func(line int) Position { return Position{File: "c.yaml", Line: line} }
	of := func(line int, service, variable string) Notice {
		return Notice{
			At: at(line), Concern: Credential, Kind: OfService, Names: []string{service}, Text: variable + " looks odd", Subject: variable, Many: "look odd",
		}
	}
	about := func(p Position, kind, name, text string) Notice {
		return Notice{At: p, Kind: kind, Names: []string{name}, Text: text}
	}
	return []Notice{
		of(9, "b", "Y"), of(8, "b", "X"), of(3, "a", "X"), of(4, "a", "Y"), of(5, "a", "Z"),
		about(at(2), OfService, "b", "it is slow"), about(at(1), OfService, "a", "it is slow"), about(at(2), OfService, "b", "it is slow"),
		about(Position{File: "d.yaml", Line: 1}, OfService, "c", "it is slow"),
		about(Position{}, OfNetwork, "n", "it is old"), about(Position{}, OfNetwork, "m", "it is old"), {Text: "something else: it is old"},
		{At: at(7), Concern: Exposed, Kind: OfService, Names: []string{"b"}, Text: "it is public"},
	}
}

func texts(list []Notice) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.String())
	}
	return out
}
