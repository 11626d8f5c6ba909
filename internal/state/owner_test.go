package state

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryCallNamesTheOwner reads this package and the one that looks at the
// buckets of volumes: whatever asks S3 for something
// says whose bucket it must be, so that one of the name in another account is
// never read or written. CreateBucket alone has no such parameter; it never
// takes another's bucket.
func TestEveryCallNamesTheOwner(t *testing.T) {
	t.Parallel()
	var files []string
	for _, folder := range []string{".", filepath.Join("..", "aws", "existing")} {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(found) == 0 {
			t.Fatal(folder, err)
		}
		files = append(files, found...)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			sel, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || !strings.HasSuffix(sel.Sel.Name, "Input") {
				return true
			}
			if of, ok := sel.X.(*ast.Ident); !ok || of.Name != "s3" {
				return true
			}
			named := false
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					key, _ := kv.Key.(*ast.Ident)
					named = named || key != nil && key.Name == "ExpectedBucketOwner"
				}
			}
			found[sel.Sel.Name] = true
			if !named && sel.Sel.Name != "CreateBucketInput" {
				t.Errorf("%s: %s names no owner", name, sel.Sel.Name)
			}
			return true
		})
	}
	if !found["HeadBucketInput"] || len(found) < 8 {
		t.Errorf("only %d calls found: %v", len(found), found)
	}
}
