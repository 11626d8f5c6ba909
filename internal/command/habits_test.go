package command

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestHabits: every flag of docker compose in the list is accepted, or answered with
// berth's own way, by its short name too and after `berth compose`.
func TestHabits(t *testing.T) {
	t.Parallel()
	for _, h := range habits() {
		verbs := []string{h.verb}
		if h.verb == "" {
			verbs = []string{"up", "plan"}
		}
		names := []string{"--" + h.flag}
		if h.short != "" {
			names = append(names, "-"+h.short)
		}
		for _, verb := range verbs {
			for _, name := range names {
				for _, words := range [][]string{{verb}, {"compose", verb}} {
					args := append(slices.Clone(words), name)
					if h.value {
						args = append(args, "x")
					}
					if h.why == "" {
						t.Errorf("--%s has no reason", h.flag)
					}
					answered(t, args, h)
				}
			}
		}
	}
}

func answered(t *testing.T, args []string, h habit) {
	t.Helper()
	root := newRoot(newOptions(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, Build{}))
	c, rest, err := root.Find(args)
	if err == nil {
		err = c.ParseFlags(rest)
	}
	if err != nil {
		t.Errorf("berth %s: %v", strings.Join(args, " "), err)
		return
	}
	err = answerHabits(c)
	var answer *remedyError
	if h.instead == "" && err != nil || h.instead != "" && (!errors.As(err, &answer) || answer.remedy != h.instead) {
		t.Errorf("berth %s: %v; want the answer %q", strings.Join(args, " "), err, h.instead)
	}
	if len("  "+h.instead) > 120 || len(h.why) > 90 {
		t.Errorf("--%s: the answer is too long for a terminal", h.flag)
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
		root := newRoot(newOptions(Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, Build{}))
		if got := strings.Join(followLogs(strings.Fields(in), root.PersistentFlags()), " "); got != want {
			t.Errorf("%q became %q; want %q", in, got, want)
		}
	}
}
