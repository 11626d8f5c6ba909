package command

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/command/cli"
)

// unquoted are texts that speak of a command and are none to type.
var unquoted = []string{
	"stopped by ", "which berth run has started", // who stopped a task, and who started it
	"berth config shows berth's settings",
	"berth secret of ", // the description of a parameter
}

// TestCommandsInMessagesCanBeTyped: a command of berth in a message stands in
// backquotes, has a verb that there is, and gets the flags of the run.
func TestCommandsInMessagesCanBeTyped(t *testing.T) {
	t.Parallel()
	o := cli.NewOptions(cli.Streams{}, cli.Build{})
	root := newRoot(o)
	if err := root.PersistentFlags().Parse([]string{"-e", "prod", "-f", "x.yaml"}); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	command := regexp.MustCompile(`\bberth (?:-e prod |-[^ ]+ (?:%s )?)*(` + strings.Join(names, "|") + `)\b`)
	inQuotes := regexp.MustCompile("`[^`]*(`|$)")
	found := 0
	for at, text := range messages(t) {
		for _, part := range inQuotes.FindAllString(text, -1) {
			if m := command.FindStringSubmatch(part); m != nil {
				found++
				full := o.Console.InFull(strings.TrimRight(part, "`") + "`")
				bare := slices.Contains([]string{"help", "version", "completion", "operator", "compose"}, m[1])
				if !bare && (strings.Count(full, " -e ") != 1 || !strings.Contains(full, " -f ")) {
					t.Errorf("%s: %s becomes %s", at, part, full)
				}
			} else if strings.HasPrefix(part, "`berth ") && !strings.Contains(part, "VERB") {
				t.Errorf("%s: %s has no verb of berth", at, part)
			}
		}
		if rest := inQuotes.ReplaceAllString(text, ""); command.MatchString(rest) && !slices.ContainsFunc(unquoted, func(u string) bool { return strings.Contains(text, u) }) {
			t.Errorf("%s: a command without backquotes: %s", at, text)
		}
	}
	if found < 60 {
		t.Errorf("%d commands were found", found)
	}
}

// messages are the texts in the source by their place, without the help.
func messages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				key, _ := kv.Key.(*ast.Ident)
				return key == nil || !slices.Contains([]string{"Long", "Example", "Short"}, key.Name)
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					out[files.Position(lit.Pos()).String()] = text
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
