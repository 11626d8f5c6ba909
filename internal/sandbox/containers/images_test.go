package containers_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThePageHasEveryImage: docs/rehearse.md is where users find the images that fail.
func TestThePageHasEveryImage(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("images.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "rehearse.md"))
	if err != nil {
		t.Fatal(err)
	}
	images := regexp.MustCompile(`(?m)^\tcase "([a-z-]+)":$`).FindAllSubmatch(source, -1)
	if len(images) < 8 {
		t.Fatalf("found %d images", len(images))
	}
	for _, m := range images {
		if !strings.Contains(string(page), "`sandbox/"+string(m[1])) {
			t.Errorf("docs/rehearse.md has no sandbox/%s", m[1])
		}
	}
}
