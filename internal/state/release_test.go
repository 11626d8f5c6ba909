package state

import (
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
