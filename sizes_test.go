package berth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	// mostLines is the largest number of lines of code, without tests, in a
	// package.
	mostLines = 6000
	// mostMethods is the largest number of methods of a type, including those
	// of embedded types.
	mostMethods = 40
)

func TestPackagesAreSmall(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		lines := 0
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			lines += strings.Count(string(text), "\n")
		}
		if lines > mostLines {
			t.Errorf("%s has %d lines, more than %d: look for the second package in it", p.ImportPath, lines, mostLines)
		}
	}
}

// typeOf is a type as declared in the source.
type typeOf struct {
	methods  map[string]bool
	embedded []string // "package/path.Name"
}

func TestTypesAreSmall(t *testing.T) {
	t.Parallel()
	types := map[string]*typeOf{}
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			collectTypes(types, p.ImportPath, f)
		}
	}
	if len(types) < 500 {
		t.Fatalf("found %d types", len(types))
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		all := map[string]bool{}
		addMethods(types, name, all)
		if len(all) > mostMethods {
			t.Errorf("%s has %d methods, more than %d: which of them are another type's?", name, len(all), mostMethods)
		}
	}
}

// addMethods adds a type's methods and those promoted from embedded types.
func addMethods(types map[string]*typeOf, name string, all map[string]bool) {
	of := types[name]
	if of == nil {
		return // from another module
	}
	maps.Copy(all, of.methods)
	for _, embedded := range of.embedded {
		addMethods(types, embedded, all)
	}
}

func collectTypes(types map[string]*typeOf, path string, f *ast.File) {
	imports := map[string]string{}
	for _, i := range f.Imports {
		from := strings.Trim(i.Path.Value, `"`)
		name := from[strings.LastIndexByte(from, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		imports[name] = from
	}
	at := func(name string) *typeOf {
		if types[name] == nil {
			types[name] = &typeOf{methods: map[string]bool{}}
		}
		return types[name]
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv != nil {
				at(path + "." + nameOf(n.Recv.List[0].Type, nil, "")).methods[n.Name.Name] = true
			}
			return false
		case *ast.TypeSpec:
			of := at(path + "." + n.Name.Name)
			if s, ok := n.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					if len(field.Names) == 0 {
						of.embedded = append(of.embedded, nameOf(field.Type, imports, path))
					}
				}
			}
			return false
		}
		return true
	})
}

// nameOf returns the name of a type in the source; with imports it includes the
// package.
func nameOf(e ast.Expr, imports map[string]string, path string) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return nameOf(e.X, imports, path)
	case *ast.IndexExpr:
		return nameOf(e.X, imports, path)
	case *ast.IndexListExpr:
		return nameOf(e.X, imports, path)
	case *ast.SelectorExpr:
		if p, ok := e.X.(*ast.Ident); ok {
			return imports[p.Name] + "." + e.Sel.Name
		}
	case *ast.Ident:
		if imports != nil {
			return path + "." + e.Name
		}
		return e.Name
	}
	return ""
}
