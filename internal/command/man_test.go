package command

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/berthdev/berth/internal/command/cli"
)

var manFolder = flag.String("man", "", "write the manual pages into this folder")

// TestManPages: every command has a manual page, with its flags and examples. With
// -man it writes them, for the release archive.
func TestManPages(t *testing.T) {
	t.Parallel()
	dir := *manFolder
	if dir == "" {
		dir = t.TempDir()
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
	withoutTwins(root)
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "BERTH", Section: "1", Source: "berth", Manual: "berth"}, dir); err != nil {
		t.Fatal(err)
	}
	for _, c := range everyVerb() {
		page, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range []string{".SH NAME", ".SH EXAMPLE", "--json"} {
			if !strings.Contains(strings.ReplaceAll(string(page), `\-`, "-"), want) {
				t.Errorf("the page of %s has no %s", c.CommandPath(), want)
			}
		}
	}
}

// withoutTwins takes the verbs below `berth compose` out that are berth's own: their
// pages would be the same.
func withoutTwins(root *cobra.Command) {
	for _, c := range root.Commands() {
		if c.Name() != "compose" {
			continue
		}
		for _, sub := range c.Commands() {
			if own, _, err := root.Find([]string{sub.Name()}); err == nil && own != root {
				c.RemoveCommand(sub)
			}
		}
	}
}
