package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinksInPages checks that a link to a file, and to a heading of a page, leads
// somewhere.
func TestLinksInPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	count := 0
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			count++
			file, heading, _ := strings.Cut(m[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			content, err := os.ReadFile(target)
			switch {
			case err != nil && !isFolder(target):
				t.Errorf("%s: the link %s leads nowhere", filepath.Base(page), m[1])
			case heading != "" && !headingsOf(string(content))[heading]:
				t.Errorf("%s: %s has no such heading", filepath.Base(page), m[1])
			}
		}
	}
	if count < 50 {
		t.Errorf("the pages have %d links", count)
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// headingsOf are the anchors of a page, as GitHub makes them.
func headingsOf(page string) map[string]bool {
	out := map[string]bool{}
	other := regexp.MustCompile(`[^a-z0-9 _-]`)
	for line := range strings.Lines(page) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			plain := other.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			out[strings.ReplaceAll(plain, " ", "-")] = true
		}
	}
	return out
}
