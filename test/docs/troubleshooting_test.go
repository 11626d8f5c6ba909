package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
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

// source are the texts in quotes of the code: a comment, or a test, could keep words
// that no message has any longer.
func source(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../../internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := textOf(e); ok {
					all.WriteString(text + "\n")
					return false
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// textOf is the text of an expression: a literal, or several with a + between them,
// because one is too long for a line. A value between two texts is "...".
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		left, isLeft := textOf(e.X)
		right, isRight := textOf(e.Y)
		if e.Op != token.ADD || !isLeft && !isRight {
			return "", false
		}
		if !isLeft {
			left = "..."
		}
		if !isRight {
			right = "..."
		}
		return left + right, true
	}
	return "", false
}
