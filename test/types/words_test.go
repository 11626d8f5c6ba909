package types

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/plantext"
)

// TestEveryTypeHasANoun: a plan as people read it has words, not the names of types.
func TestEveryTypeHasANoun(t *testing.T) {
	t.Parallel()
	for _, typ := range all(t) {
		if name := typ.Spec().Name; plantext.Noun(name) == name {
			t.Errorf("%s has no noun in internal/plantext/nouns.go", name)
		}
	}
}

// TestTypesInTablesExist: the tables that tell how a plan is read name types. A name
// that no type has would never be met.
func TestTypesInTablesExist(t *testing.T) {
	t.Parallel()
	names, families := map[string]bool{}, map[string]bool{}
	for _, typ := range all(t) {
		name := typ.Spec().Name
		family, _, _ := strings.Cut(name, ".")
		names[name], families[family] = true, true
	}
	found := 0
	for _, folder := range []string{"outline", "plantext"} {
		for _, text := range literals(t, filepath.Join(root, "internal", folder)) {
			family, rest, ok := strings.Cut(text, ".")
			if !ok || !families[family] || strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz-") != "" {
				continue
			}
			found++
			if !names[text] {
				t.Errorf("internal/%s names the type %s, which does not exist", folder, text)
			}
		}
	}
	if found < 60 {
		t.Errorf("found %d names of types", found)
	}
}

// literals are the texts in quotes in the source of a package, its tests left out.
func literals(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					out = append(out, text)
				}
			}
			return true
		})
	}
	return out
}
