package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWithoutEmpty: what is marked as empty is as it is for docker compose.
func TestWithoutEmpty(t *testing.T) {
	t.Parallel()
	a := App{Jobs: []Job{{Workload: Workload{
		Secrets: []Secret{
			{Name: "NULL", From: "E", NoValue: true}, {Name: "WHOLE", From: "E"}, {Name: "KEPT", From: "K"}, {Name: "PATH", From: "/E"},
		},
		Variables: []Variable{{Name: "URL", Parts: []Part{{Text: "x://"}, {Secret: "E"}, {Text: "@"}, {Secret: "K"}}}},
		Files:     []File{{Path: "/run/secrets/e", Secret: "E"}, {Path: "/run/secrets/k", Secret: "K"}},
	}}}}
	got := a.WithoutEmpty(func(name string) bool { return name == "E" })
	got, _ = got.Decide(func(name string) bool { return name == "K" })
	want := Workload{
		Env:       map[string]string{"WHOLE": ""},
		Secrets:   []Secret{{Name: "KEPT", From: "K"}, {Name: "PATH", From: "/E"}},
		Variables: []Variable{{Name: "URL", Parts: []Part{{Text: "x://@"}, {Secret: "K"}}}},
		Files:     []File{{Path: "/run/secrets/e"}, {Path: "/run/secrets/k", Secret: "K"}},
	}
	if diff := cmp.Diff(want, got.Jobs[0].Workload); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
