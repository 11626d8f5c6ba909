package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTroubleshootingMessages checks that the code still has the words of every
// message that is a heading of docs/troubleshooting.md.
func TestTroubleshootingMessages(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	messages := messagesOf(string(text))
	if len(messages) < 30 {
		t.Fatalf("the page has %d messages", len(messages))
	}
	code := source(t)
	for _, message := range messages {
		for _, words := range wordsOf(message) {
			if !strings.Contains(code, words) {
				t.Errorf("%s: no message of berth contains %q", message, words)
			}
		}
	}
}

func TestMessagesOf(t *testing.T) {
	t.Parallel()
	got := messagesOf("## Locks\n\n### `... is locked by ...`\n\ntext\n\n### `no region`\n")
	if strings.Join(got, "|") != "... is locked by ...|no region" {
		t.Errorf("%q", got)
	}
	if words := wordsOf("the secret ... is not set; needed by ..."); strings.Join(words, "|") != "the secret|is not set; needed by" {
		t.Errorf("%q", words)
	}
}

// messagesOf are the headings that are code.
func messagesOf(page string) []string {
	var out []string
	for line := range strings.Lines(page) {
		if message, ok := strings.CutPrefix(strings.TrimSpace(line), "### `"); ok {
			out = append(out, strings.TrimSuffix(message, "`"))
		}
	}
	return out
}

// wordsOf are the literal parts of a message; "..." stands for names and numbers.
func wordsOf(message string) []string {
	var out []string
	for part := range strings.SplitSeq(message, "...") {
		if part = strings.Trim(part, ` "`); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// source is the code without its tests, which could keep words that it no longer has.
func source(t *testing.T) string {
	var all strings.Builder
	err := filepath.WalkDir("../../internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// A text that is too long for a line is in two pieces, with a + between them.
	code := regexp.MustCompile(`"\s*\+\s*"`).ReplaceAllString(all.String(), "")
	return strings.ReplaceAll(code, `\"`, `"`)
}
