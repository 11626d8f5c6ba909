package command

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/habits"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// everyVerb returns the commands that do something, without the twins below
// `berth compose` and cobra's own.
func everyVerb() []*cobra.Command {
	root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
	twins := map[string]bool{}
	for _, c := range root.Commands() {
		twins["berth compose "+c.Name()] = true
	}
	var all []*cobra.Command
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if twins[c.CommandPath()] || c.Name() == "help" || c.Name() == "completion" {
			return
		}
		if c.Runnable() && c.HasParent() && !c.HasSubCommands() {
			all = append(all, c)
		}
		for _, below := range c.Commands() {
			visit(below)
		}
	}
	visit(root)
	return all
}

// TestEveryVerbIsComplete: a verb has a sentence, an example that names it, and
// a script that runs it.
func TestEveryVerbIsComplete(t *testing.T) {
	t.Parallel()
	scripts := allScripts(t)
	hostile, err := os.ReadFile("script_git_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range newRoot(cli.NewOptions(cli.Streams{}, cli.Build{})).Commands() {
		if rest := []string{"help", "completion", "operator", "version"}; c.GroupID == "Other" && !slices.Contains(rest, c.Name()) {
			t.Errorf("the help has %s under Other: it needs a heading in help/help.go", c.Name())
		}
	}
	verbs := everyVerb()
	if len(verbs) < 15 {
		t.Fatalf("found %d verbs", len(verbs))
	}
	for _, c := range verbs {
		path := c.CommandPath()
		if c.Short == "" {
			t.Errorf("%s has no sentence for the help: set Short", path)
		}
		if !strings.Contains(c.Example, c.Name()) {
			t.Errorf("%s has no example of its use: set Example", path)
		}
		words := strings.Fields(strings.TrimPrefix(path, "berth "))
		runs := regexp.MustCompile(`(?m)^(exits \d+ |! |)berth(-\w+)? (\S+ )*` + strings.Join(words, " ") + `\b`)
		if !runs.MatchString(scripts) {
			t.Errorf("no script runs %s: add one to testdata/script", path)
		}
		if !strings.Contains(string(hostile), fmt.Sprintf("%q:", strings.Join(words, " "))) {
			t.Errorf("%s is not in everyVerbs of script_git_test.go", path)
		}
	}
}

// TestHelpFitsTheTerminal: no line of a command's help is wider than 80 columns, and
// no flag has backquotes around more than the name of its value.
func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for line := range strings.Lines(c.Long + "\n" + c.UsageString()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: a line of %d columns: %s", c.CommandPath(), n, line)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if name, _ := pflag.UnquoteUsage(f); strings.ContainsAny(name, " -") {
				t.Errorf("%s: --%s has a value called %s", c.CommandPath(), f.Name, name)
			}
		})
		for _, below := range c.Commands() {
			if below.Name() != "completion" {
				visit(below)
			}
		}
	}
	visit(root)
}

func allScripts(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		all.WriteByte('\n')
	}
	return all.String()
}

// TestCommandsPage writes docs/commands.md, with -update, and fails when it is
// out of date.
func TestCommandsPage(t *testing.T) {
	t.Parallel()
	page := commandsPage(everyVerb())
	path := filepath.Join("..", "..", "docs", "commands.md")
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != page {
		t.Errorf("docs/commands.md is out of date (error %v): go generate ./internal/command", err)
	}
}

func commandsPage(verbs []*cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nMade from the code: `go generate ./internal/command`. Every verb works after `berth\ncompose` too, and takes these flags, before or after it:\n\n```\n")
	b.WriteString(verbs[0].Root().PersistentFlags().FlagUsagesWrapped(80))
	b.WriteString("```\n")
	for _, c := range verbs {
		b.WriteString("\n## " + c.CommandPath() + "\n\n" + c.Short + ".\n\n```\n" + c.UseLine() + "\n```\n")
		if c.Long != "" {
			b.WriteString("\n" + c.Long + "\n")
		}
		b.WriteString("\n```\n" + c.Example + "\n```\n")
		own := pflag.NewFlagSet(c.Name(), pflag.ContinueOnError)
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				own.AddFlag(f)
			}
		})
		if own.HasAvailableFlags() {
			b.WriteString("\n```\n" + own.FlagUsagesWrapped(80) + "```\n")
		}
	}
	b.WriteString("\n## Flags of docker compose\n\nSome flags of docker compose ask for what berth does anyway, and are accepted; for\nothers berth says what to do instead.\n\n| flag | berth | |\n|---|---|---|\n")
	for _, h := range habits.List() {
		name, does := strings.TrimSpace(h.Verb+" --"+h.Name), "accepts it"
		if h.Short != "" {
			name += ", -" + h.Short
		}
		if h.Instead != "" {
			does = "instead: " + h.Instead
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, strings.ReplaceAll(does, "|", "\\|"), h.Why)
	}
	return b.String()
}
