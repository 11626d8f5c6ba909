package habits

import (
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestCopilotsCommandsAreAnswered: each of its objects, alone and with everything that
// can happen to it, has an answer of berth's, with its flags, too.
func TestCopilotsCommandsAreAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, want string }{
		{"svc", "`berth ps`"},
		{"svc init", "Compose file"},
		{"svc deploy", "`berth up`"},
		{"svc deploy --name api --env prod", "`berth up SERVICE`"},
		{"svc logs --follow", "`berth logs --follow`"},
		{"svc status", "`berth ps`"},
		{"svc frobnicate", "`berth ps`"},
		{"app ls", "`berth ls`"},
		{"app", "project"},
		{"env ls", "`berth ls`"},
		{"env init --name prod", "-e names"},
		{"env", "-e NAME"},
		{"job run -n report", "restart: \"no\""},
		{"task run", "restart: \"no\""},
		{"task", "restart: \"no\""},
		{"pipeline deploy", "docs/ci.md"},
		{"pipeline", "docs/ci.md"},
		{"storage init -t S3", "x-berth: {managed: true}"},
	} {
		root := &cobra.Command{Use: "berth", SilenceErrors: true, SilenceUsage: true}
		root.AddCommand(&cobra.Command{Use: "up", RunE: func(*cobra.Command, []string) error { return nil }})
		RefuseUnknown(root)
		root.SetFlagErrorFunc(FlagError)
		root.SetArgs(strings.Fields(c.typed))
		var answer *Error
		if err := root.Execute(); !errors.As(err, &answer) || !strings.Contains(answer.Remedy(), c.want) {
			t.Errorf("berth %s: %v, want %q", c.typed, answer, c.want)
		}
	}
}

// TestEveryLessonSaysWhatToDo: no word is in two lessons, and no answer is longer than
// two lines of a terminal.
func TestEveryLessonSaysWhatToDo(t *testing.T) {
	t.Parallel()
	all := copilot()
	all["berth's own"] = lessons()
	for first, list := range all {
		seen := map[string]bool{}
		for _, l := range list {
			if len(l.does) > 160 || l.does == "" {
				t.Errorf("%s %s: %d characters", first, l.words, len(l.does))
			}
			for _, w := range strings.Fields(l.words) {
				if seen[w] {
					t.Errorf("%s %s has two answers", first, w)
				}
				seen[w] = true
			}
		}
	}
}
