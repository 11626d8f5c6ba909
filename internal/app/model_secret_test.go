package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDecide: which secrets are set decides what a variable becomes.
func TestDecide(t *testing.T) {
	t.Parallel()
	literal := func(text, name string) Part { return Part{Text: text, Secret: name, Optional: true} }
	for _, c := range []struct {
		name  string
		parts []Part
		set   []string
		want  Workload
	}{
		{"a literal", []Part{literal("one", "A")}, nil, Workload{Env: map[string]string{"V": "one"}}},
		{"an empty literal", []Part{literal("", "A")}, nil, Workload{Env: map[string]string{"V": ""}}},
		{"a secret in its place", []Part{literal("one", "A")}, []string{"A"}, Workload{Env: map[string]string{}, Secrets: []Secret{{Name: "V", From: "A"}}}},
		{"two literals", []Part{literal("one", "A"), {Text: ":"}, literal("two", "B")}, nil, Workload{Env: map[string]string{"V": "one:two"}}},
		{
			"one of two", []Part{literal("one", "A"), {Text: ":"}, literal("two", "B")}, []string{"B"},
			Workload{Env: map[string]string{}, Variables: []Variable{{Name: "V", Parts: []Part{{Text: "one:"}, {Secret: "B"}}}}},
		},
		{
			"beside one without a value", []Part{{Secret: "C"}, literal("", "A")}, nil,
			Workload{Env: map[string]string{}, Secrets: []Secret{{Name: "V", From: "C"}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before := App{Jobs: []Job{{Workload: Workload{Variables: []Variable{{Name: "V", Parts: c.parts}}}}}}
			after, notices := before.Decide(func(name string) bool {
				for _, s := range c.set {
					if s == name {
						return true
					}
				}
				return false
			})
			if diff := cmp.Diff(c.want, after.Jobs[0].Workload); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(notices) > 0 || len(before.Jobs[0].Variables) != 1 {
				t.Errorf("notices %v, the app before %+v", notices, before.Jobs[0])
			}
			again, _ := after.Decide(func(string) bool { return true })
			if diff := cmp.Diff(after, again); diff != "" {
				t.Errorf("decided once more (-first +second):\n%s", diff)
			}
		})
	}
}

func TestALiteralThatLooksLikeACredentialIsTold(t *testing.T) {
	t.Parallel()
	a := App{Services: []Service{{Workload: Workload{Name: "web", Variables: []Variable{
		{Name: "PASSWORD", Suspicious: true, Origin: "compose.yaml:7", Parts: []Part{{Text: "hunter2000", Secret: "PASSWORD", Optional: true}}},
	}}}}}
	_, notices := a.Decide(func(string) bool { return false })
	if len(notices) != 1 || notices[0].At.Line != 7 {
		t.Errorf("notices %v, want one", notices)
	}
	if _, notices = a.Decide(func(string) bool { return true }); len(notices) != 0 {
		t.Errorf("a secret is told as a literal: %v", notices)
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	a := App{
		Services: []Service{{Workload: Workload{
			Name: "web", Origin: "c:1", Secrets: []Secret{{Name: "X", From: "A", Origin: "c:2"}}, PullCredentials: "arn:aws:registry",
			Files: []File{{Secret: "F", Origin: "c:3"}, {Content: "text"}},
		}}},
		Jobs: []Job{{Workload: Workload{Name: "job", Variables: []Variable{
			{Name: "Y", Origin: "c:9", Parts: []Part{{Text: "x"}, {Secret: "A", Optional: true}, {Secret: "B", Optional: true}}},
		}}}},
	}
	want := []Need{
		{From: "A", Users: []string{"job", "web"}, Where: "c:2"},
		{From: "B", Optional: true, Users: []string{"job"}, Where: "c:9"},
		{From: "F", Users: []string{"web"}, Where: "c:3"},
		{From: "arn:aws:registry", Whole: true, Users: []string{"web"}, Where: "c:1"},
	}
	if diff := cmp.Diff(want, a.Needs()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFileFolders(t *testing.T) {
	t.Parallel()
	got := FileFolders([]File{{Path: "/b/x"}, {Path: "/a/b/c/y"}, {Path: "/a/z"}, {Path: "/ab/x"}, {Path: "/a/b/x"}})
	if diff := cmp.Diff([]string{"/a", "/ab", "/b"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
