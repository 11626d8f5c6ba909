package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryQuestionSaysWhere: no verb asks past prompt.go, whose questions name the
// project, the environment, the account and the region.
func TestEveryQuestionSaysWhere(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	past := regexp.MustCompile(`(\.confirm|\baskName|\.ask)\(`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains([]string{"prompt.go", "console.go"}, file) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := past.FindString(string(text)); found != "" {
			t.Errorf("%s calls %s): use Agree, AgreeData or TypeName", file, found)
		}
	}
}
