package berth_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// plainGoroutines are goroutines that only wait and forward something, so that
// they cannot panic, by file and function.
var plainGoroutines = map[string]string{
	"internal/aws/ecr/image.go build":            "ends a context when the run stops",
	"internal/engine/poller.go tick":             "sleeps",
	"internal/engine/run.go later":               "sleeps and sends",
	"internal/handover/child.go child":           "passes signals on; there is no lock in this process",
	"internal/interrupt/interrupt.go Context":    "waits for signals",
	"internal/session/connection.go dial":        "sleeps and pings",
	"internal/session/forward.go Forward":        "waits for an end, and closes a listener",
	"internal/attach/exec.go copy":               "waits for the end, and closes the session",
	"internal/operator/account/readings.go ask":  "reads within Safely",
	"internal/progress/tree.go newTree":          "draws within Safely",
	"internal/state/lease.go renewing":           "waits for the release",
	"internal/state/lock.go Take":                "renews within Safely",
	"internal/state/upload_watch.go watchUpload": "ends an upload with an error",
}

// TestNoGoroutineEndsTheProcess: a panic in a goroutine ends the process, and no
// deferred release of a lock is run. A goroutine that handles answers, files or
// other people's input must do so within concurrent.Safely, or recover by itself.
func TestNoGoroutineEndsTheProcess(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	eachFunction(t, func(path string, fset *token.FileSet, fn *ast.FuncDecl) {
		if strings.HasPrefix(path, "test/") {
			return
		}
		name := path + " " + fn.Name.Name
		for _, started := range goroutinesOf(fn) {
			switch {
			case recovers(started):
			case plainGoroutines[name] != "":
				seen[name] = true
			default:
				t.Errorf("%s: a panic in this goroutine ends the process: call what it does through concurrent.Safely",
					fset.Position(started.Pos()))
			}
		}
	})
	for name := range plainGoroutines {
		if !seen[name] {
			t.Errorf("%s starts no such goroutine any more", name)
		}
	}
}

// goroutinesOf returns the goroutines that a function starts: with go, with the
// method Go of a group, and with a timer.
func goroutinesOf(fn *ast.FuncDecl) []ast.Node {
	var out []ast.Node
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			out = append(out, n.Call)
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			if ok && (s.Sel.Name == "Go" || s.Sel.Name == "AfterFunc") && len(n.Args) > 0 {
				out = append(out, n.Args[len(n.Args)-1])
			}
		}
		return true
	})
	return out
}

// recovers says whether a goroutine uses Safely, or recovers by itself.
func recovers(started ast.Node) bool {
	found := false
	ast.Inspect(started, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch f := call.Fun.(type) {
		case *ast.Ident:
			found = found || f.Name == "Safely" || f.Name == "recover"
		case *ast.SelectorExpr:
			found = found || f.Sel.Name == "Safely"
		}
		return true
	})
	return found
}
