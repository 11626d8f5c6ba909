package command

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/habits"
)

// TestHabits: every flag of docker compose in the list is accepted, or answered with
// berth's own way, by its short name too and after `berth compose`.
func TestHabits(t *testing.T) {
	t.Parallel()
	for _, h := range habits.List() {
		verbs := []string{h.Verb}
		if h.Verb == "" {
			verbs = []string{"up", "plan"}
		}
		names := []string{"--" + h.Name}
		if h.Short != "" {
			names = append(names, "-"+h.Short)
		}
		for _, verb := range verbs {
			for _, name := range names {
				for _, words := range [][]string{{verb}, {"compose", verb}} {
					args := append(slices.Clone(words), name)
					if h.Value {
						args = append(args, "x")
					}
					if h.Why == "" {
						t.Errorf("--%s has no reason", h.Name)
					}
					answered(t, args, h)
				}
			}
		}
	}
}

func answered(t *testing.T, args []string, h habits.Flag) {
	t.Helper()
	root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
	c, rest, err := root.Find(args)
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err != nil {
		t.Errorf("berth %s: %v", strings.Join(args, " "), err)
		return
	}
	err = habits.Answer(c)
	var answer *habits.Error
	if h.Instead == "" && err != nil || h.Instead != "" && (!errors.As(err, &answer) || answer.Remedy() != h.Instead) {
		t.Errorf("berth %s: %v; want the answer %q", strings.Join(args, " "), err, h.Instead)
	}
	if len("  "+h.Instead) > 120 || len(h.Why) > 90 {
		t.Errorf("--%s: the answer is too long for a terminal", h.Name)
	}
}

func TestFollowLogs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"logs -f":                      "logs --follow",
		"logs -f web":                  "logs --follow web",
		"logs web -tf -n 5":            "logs web --follow -t -n 5",
		"-f a.yaml logs -f":            "-f a.yaml logs --follow",
		"-fa.yaml logs -f":             "-fa.yaml logs --follow",
		"--file a.yaml logs":           "--file a.yaml logs",
		"--file=a.yaml -y logs -f":     "--file=a.yaml -y logs --follow",
		"compose -f a.yaml logs -f":    "compose -f a.yaml logs --follow",
		"--sandbox -C logs logs -f":    "--sandbox -C logs logs --follow",
		"logs -- -f":                   "logs -- -f",
		"plan -f a.yaml":               "plan -f a.yaml",
		"-e logs up -f a.yaml":         "-e logs up -f a.yaml",
		"up logs -f a.yaml":            "up logs -f a.yaml",
		"logs --follow -fa.yaml":       "logs --follow -fa.yaml",
		"":                             "",
		"-f":                           "-f",
		"__complete logs -f a.yaml we": "__complete logs -f a.yaml we",
	} {
		root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
		if got := strings.Join(habits.FollowLogs(strings.Fields(in), root.PersistentFlags()), " "); got != want {
			t.Errorf("%q became %q; want %q", in, got, want)
		}
	}
}
