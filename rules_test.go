// Package berth_test tests the rules of the repository: which package may
// import which, what every package and file must have, and how long they may
// be.
package berth_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/berthdev/berth/"

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if name == strings.TrimSuffix(module, "/") {
			continue
		}
		may, ok := allowed(name)
		if !ok {
			t.Errorf("%s has no place in the list of layers", name)
			continue
		}
		for _, imp := range p.Imports {
			other, ours := strings.CutPrefix(imp, module)
			if ours && !slices.ContainsFunc(may, func(pattern string) bool { return matches(pattern, other) }) {
				t.Errorf("%s must not import %s", name, other)
			}
		}
	}
}

// TestTheCommandLineLinksNoKubernetesClient: with one, `berth up` would need
// 50% more memory and the binary would be 37 MB larger, even for users without
// Kubernetes. Reading objects only needs the kinds and apimachinery; code that
// needs a client belongs in berth-operator.
func TestTheCommandLineLinksNoKubernetesClient(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/berth").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for dep := range strings.Lines(string(out)) {
		for _, client := range []string{"k8s.io/client-go", "sigs.k8s.io/controller-runtime"} {
			if strings.HasPrefix(dep, client) {
				t.Errorf("cmd/berth links %s", strings.TrimSpace(dep))
			}
		}
	}
}

// TestTheEngineKnowsNoProvider: the engine runs on fakes and could run another
// provider's types. What it needs from AWS is injected.
func TestTheEngineKnowsNoProvider(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("internal/engine/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	provider := regexp.MustCompile(`AWS|Amazon|arn:|"aws:`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if at := provider.FindIndex(text); at != nil {
			t.Errorf("%s names %s", file, text[at[0]:at[1]])
		}
	}
}

func allowed(name string) ([]string, bool) {
	if may, ok := layers[name]; ok {
		return may, true
	}
	for pattern, may := range layers {
		if matches(pattern, name) {
			return may, true
		}
	}
	return nil, false
}

func matches(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

type goPackage struct {
	ImportPath, Dir, Name string
	GoFiles, Imports      []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Name,GoFiles,Imports", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			list = append(list, p)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.Name == "main" {
			continue
		}
		path := filepath.Join(p.Dir, "doc.go")
		if _, err := os.Stat(path); err != nil && len(p.GoFiles) == 1 {
			path = filepath.Join(p.Dir, p.GoFiles[0]) // a package with a single file may have the comment there
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil || f.Doc == nil || !strings.HasPrefix(f.Doc.Text(), "Package "+p.Name+" ") {
			t.Errorf("%s: doc.go must begin with \"Package %s ...\"", p.ImportPath, p.Name)
		}
	}
}

func TestNamesOfPackagesAndFiles(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`^(util|utils|common|helper|helpers|manager|base|misc)(_test)?(\.go)?$`)
	for _, path := range goFiles(t) {
		for _, part := range strings.Split(filepath.ToSlash(path), "/") {
			if forbidden.MatchString(part) {
				t.Errorf("%s: %s says nothing about what is in it", path, part)
			}
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	const limit = 600
	for _, path := range goFiles(t) {
		if n := lines(t, path); n > limit {
			t.Errorf("%s has %d lines, more than %d: look for the second concept in it", path, n, limit)
		}
	}
}

func TestFunctionsFitOnAScreen(t *testing.T) {
	t.Parallel()
	const limit = 80
	eachFunction(t, func(path string, fset *token.FileSet, fn *ast.FuncDecl) {
		if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > limit {
			t.Errorf("%s: %s has %d lines, more than %d", path, fn.Name.Name, n, limit)
		}
	})
}

// eachFunction visits the functions of all files that are not of tests.
func eachFunction(t *testing.T, visit func(path string, fset *token.FileSet, fn *ast.FuncDecl)) {
	t.Helper()
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				visit(filepath.ToSlash(path), fset, fn)
			}
		}
	}
}

func TestNoInitAndNoFixedPaths(t *testing.T) {
	t.Parallel()
	for _, path := range goFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "\nfunc init()") {
			t.Errorf("%s: has an init function", path)
		}
	}
}

func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFilesOfOthersAreReadInOnePlace: the name of a file may lead to a pipe, a
// device or ten gigabytes. Packages that read files which projects and users
// name must use internal/regular.
func TestFilesOfOthersAreReadInOnePlace(t *testing.T) {
	t.Parallel()
	own := map[string]bool{ // files that berth or docker has written itself
		"internal/images/docker.go": true, "internal/images/docker_run.go": true,
	}
	reads := regexp.MustCompile(`\bos\.(Open|ReadFile|OpenFile)\(|\bdotenv\.(Read|ReadFile|Load)\(`)
	for _, path := range goFiles(t) {
		path = filepath.ToSlash(path)
		theirs := regexp.MustCompile(`^internal/(project|app|images|command|sandbox)/`).MatchString(path)
		if !theirs || own[path] || strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if found := reads.Find(text); found != nil {
			t.Errorf("%s has %s...): read it with internal/regular", path, found)
		}
	}
}

// TestNoPartitionIsWritten finds ARNs with a partition in code that runs against
// AWS: the account may be in China or GovCloud. Error texts may contain an
// example.
func TestNoPartitionIsWritten(t *testing.T) {
	t.Parallel()
	sandboxes := regexp.MustCompile(`^internal/(sandbox|operator/modelled|credential/credentialtest)/|^internal/command/cli/sandboxed\.go$`)
	examples := regexp.MustCompile(`^"?write `)
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "test/") || sandboxes.MatchString(filepath.ToSlash(path)) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if ok && text.Kind == token.STRING && strings.Contains(text.Value, "arn:aws:") && !examples.MatchString(text.Value) {
				t.Errorf("%s: %s has a partition", path, text.Value)
			}
			return true
		})
	}
}

func lines(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		n++
	}
	return n
}
