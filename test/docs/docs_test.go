package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/test/bed"
)

// TestComposeFilesInTheDocs deploys every block of YAML that begins with the
// project's name. A second deployment must change nothing, and after a teardown
// with its data nothing may be left.
func TestComposeFilesInTheDocs(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range blocks(string(text)) {
			count++
			name, _, _ := strings.Cut(block, "\n")
			t.Run(filepath.Base(page)+"/"+strings.TrimPrefix(name, "name: "), func(t *testing.T) {
				t.Parallel()
				live(t, block)
			})
		}
	}
	if count == 0 {
		t.Error("the documentation shows no Compose file")
	}
}

// blocks returns the blocks of YAML that are complete Compose files, fenced or
// indented by four spaces.
func blocks(text string) []string {
	var out []string
	var block strings.Builder
	fenced := false
	end := func() {
		if code := block.String(); strings.HasPrefix(code, "name: ") {
			out = append(out, code)
		}
		block.Reset()
	}
	for line := range strings.Lines(text + "\n") {
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case strings.HasPrefix(line, "```"):
			end()
			fenced = !fenced
		case fenced:
			block.WriteString(line)
		case indented:
			block.WriteString(code)
		case strings.TrimSpace(line) == "" && block.Len() > 0:
			block.WriteString(line)
		default:
			end()
		}
	}
	end()
	return out
}

func live(t *testing.T, compose string) {
	t.Helper()
	if err := bed.Life(t, bed.App(t, compose)); err != nil {
		t.Error(err)
	}
}
