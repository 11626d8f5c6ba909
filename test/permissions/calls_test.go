package permissions

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/sandbox"
)

// operation is an operation that the source can send.
type operation struct {
	of service
	op string
}

// actions are the permissions that an operation can need.
func (o operation) actions() []string {
	in, _ := o.of.input(o.op)
	return sandbox.MayNeed(o.of.id, o.op, in)
}

// sent returns the operations that berth's source sends, read from its files: a
// life without faults does not send all of them, and a run that repairs
// something must not fail for a missing permission.
func sent(t *testing.T) []operation {
	t.Helper()
	folders := map[string][]*ast.File{}
	root, set := filepath.Join("..", "..", "internal"), token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{"sandbox", "operator", "typetest", "testdata"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		// contents.go empties clusters, which only the operator does.
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || filepath.Base(path) == "contents.go" {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []operation
	for _, files := range folders {
		all = append(all, sentBy(files)...)
	}
	return all
}

// sentBy reads the files of a package: each selector that is a method of a
// client which the package imports, and each paginator. If a call's input is a
// literal in the call, the call belongs to that input's service; otherwise it
// counts for every imported service that has the operation.
func sentBy(files []*ast.File) []operation {
	var imported []service
	for _, f := range files {
		for _, of := range namesIn(f) {
			imported = append(imported, of)
		}
	}
	var all []operation
	add := func(candidates []service, op string) {
		for _, of := range candidates {
			if _, ok := of.input(op); ok {
				all = append(all, operation{of, op})
			}
		}
	}
	for _, f := range files {
		names := namesIn(f)
		sure := map[*ast.SelectorExpr]service{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if selector, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 1 {
					if of, ok := names[packageOf(n.Args[1])]; ok {
						sure[selector] = of
					}
				}
			case *ast.SelectorExpr:
				name, _ := n.X.(*ast.Ident)
				of, known := service{}, false
				if name != nil {
					of, known = names[name.Name]
				}
				paged, isPages := strings.CutSuffix(strings.TrimPrefix(n.Sel.Name, "New"), "Paginator")
				switch one, ok := sure[n]; {
				case known && isPages:
					add([]service{of}, paged)
				case known: // a type or a function of the SDK's package
				case ok:
					add([]service{one}, n.Sel.Name)
				default:
					add(imported, n.Sel.Name)
				}
			}
			return true
		})
	}
	return all
}

// namesIn returns the services that a file imports, by their names in it.
func namesIn(f *ast.File) map[string]service {
	names := map[string]service{}
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		for _, s := range services() {
			if s.path() != path {
				continue
			}
			name := filepath.Base(path)
			if i.Name != nil {
				name = i.Name.Name
			}
			names[name] = s
		}
	}
	return names
}

// packageOf returns the package of a literal, such as &ec2.CreateVpcInput{}.
func packageOf(e ast.Expr) string {
	if pointer, ok := e.(*ast.UnaryExpr); ok {
		e = pointer.X
	}
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	selector, ok := literal.Type.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	name, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return name.Name
}

// TestEveryCallIsFound proves that the reading of the source finds calls of
// each shape, and that no client is left out of it.
func TestEveryCallIsFound(t *testing.T) {
	t.Parallel()
	var found []string
	for _, o := range sent(t) {
		found = append(found, o.actions()...)
	}
	for _, want := range []string{
		"ec2:RevokeSecurityGroupIngress", "iam:ListRoles", "ecs:StopTask", "iam:GetRole", "acm:RemoveTagsFromCertificate",
		"ecr:PutImageTagMutability", "ecr:PutImageScanningConfiguration", "ecr:UntagResource", "servicequotas:GetServiceQuota",
		"s3:PutBucketOwnershipControls", "codebuild:StopBuild", "elasticfilesystem:CreateMountTarget",
	} {
		if !slices.Contains(found, want) {
			t.Errorf("%s is not among what the source sends", want)
		}
	}
	clients := reflect.TypeFor[aws.Clients]()
	for i := range clients.NumField() {
		f := clients.Field(i).Type
		if f.Kind() == reflect.Pointer && f.Elem().Name() == "Client" && strings.Contains(f.Elem().PkgPath(), "aws-sdk-go-v2") &&
			!slices.ContainsFunc(services(), func(s service) bool { return s.client == f }) {
			t.Errorf("the calls of %s are not read: add it to services in test/permissions/clients.go", f)
		}
	}
}

// recordedBeyond returns what a record needs and the tables do not have.
func recordedBeyond(calls []sandbox.Call) []string {
	var beyond []string
	for _, c := range calls {
		may := sandbox.MayNeed(c.Service, c.Operation, c.Input)
		for _, a := range c.Actions {
			if !slices.Contains(may, a) {
				beyond = append(beyond, c.Operation+" needs "+a)
			}
		}
	}
	slices.Sort(beyond)
	return slices.Compact(beyond)
}
