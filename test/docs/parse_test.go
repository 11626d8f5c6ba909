package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestBlocksParse reads every block of JSON and YAML in the pages: policies,
// workflows and Compose files are there to be copied.
func TestBlocksParse(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range fencedBlocks(string(text)) {
			var v any
			switch language, _, _ := strings.Cut(b.language, " "); language {
			case "json":
				err = json.Unmarshal([]byte(b.text), &v)
			case "yaml":
				err = yaml.Unmarshal([]byte(b.text), &v)
			default:
				continue
			}
			count[filepath.Base(page)]++
			if err != nil {
				t.Errorf("%s: %v in\n%s", filepath.Base(page), err, b.text)
			}
		}
	}
	if count["ci.md"] < 7 {
		t.Errorf("ci.md has %d blocks of JSON and YAML, fewer than its policies and workflows", count["ci.md"])
	}
}

// fencedBlock is a block between two lines of three backquotes.
type fencedBlock struct{ language, text string }

func fencedBlocks(page string) []fencedBlock {
	var out []fencedBlock
	open := false
	for line := range strings.Lines(page) {
		language, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && !open:
			out = append(out, fencedBlock{language: strings.TrimSpace(language)})
			open = true
		case fence:
			open = false
		case open:
			out[len(out)-1].text += line
		}
	}
	return out
}
