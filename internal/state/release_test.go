package state

import (
	"errors"
	"testing"
)

// TestAReleaseSaysWhoseItIs: one that does not is not written, and where another
// program wrote it, it is passed over and named.
func TestAReleaseSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	r := Releases{Store: &Folder{Path: t.TempDir()}}
	if err := r.Write(t.Context(), stack, Release{ID: "1", Source: "github.com/acme/shop"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(t.Context(), stack, Release{ID: "2"}); err == nil {
		t.Error("a release without a source is written")
	}
	text := []byte(`{"schema": 1, "id": "3", "owner": "` + stack.String() + `", "source": ""}`)
	if _, err := r.Store.Put(t.Context(), releasePrefix(stack)+"3.json", text, Condition{}); err != nil {
		t.Fatal(err)
	}
	list, damaged, err := r.Latest(t.Context(), stack, 1)
	if err != nil || len(list) != 1 || list[0].ID != "1" || len(damaged) != 1 {
		t.Errorf("the last release is %+v, passed over %v, %v", list, damaged, err)
	}
}

// TestFind: a release is found by its number, its id or the beginning of its id, if there
// is one such release.
func TestFind(t *testing.T) {
	t.Parallel()
	r := Releases{Store: &Folder{Path: t.TempDir()}}
	for _, id := range []string{"20260101T000000Z-aaaa", "20260101T000000Z-bbbb", "20260202T000000Z-cccc"} {
		if err := r.Write(t.Context(), stack, Release{ID: id, Source: "github.com/acme/shop", Number: 77}); err != nil {
			t.Fatal(err)
		}
	}
	for asked, want := range map[string]int{
		"1": 1, "3": 3, "#2": 2, "20260101T000000Z-bbbb": 2, "20260202": 3, "20260101": 0, "4": 0, "0": 0, "-1": 0, "": 0, "x": 0, "#": 0, "../1": 0,
	} {
		got, err := r.Find(t.Context(), stack, asked)
		var none *NoReleaseError
		if got.Number != want || (want == 0) != errors.As(err, &none) {
			t.Errorf("%q finds release %d, error %v; want %d", asked, got.Number, err, want)
		}
	}
	list, _, err := r.Latest(t.Context(), stack, 2)
	if err != nil || len(list) != 2 || list[0].Number != 3 || list[1].Number != 2 {
		t.Errorf("the latest are %+v, error %v", list, err)
	}
}
