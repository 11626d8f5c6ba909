package app_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// TestBuildArgumentsMayHaveAnyName: every name that an ARG can have is allowed,
// because no program on this machine reads it.
func TestBuildArgumentsMayHaveAnyName(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`"A B"`, `"A-B"`, `"1A"`, `""`, `"A.B"`, `"A\nB"`, `"A="`, `"\x1bA"`} {
		list := problemsOf(t, "build: {context: ., args: {"+bad+": hunter2}}")
		if len(list) != 1 || list[0].At.Line != 6 || list[0].Remedy == "" || strings.Contains(fmt.Sprint(list[0]), "hunter2") {
			t.Errorf("%s: %+v", bad, list)
		}
	}
	for _, name := range []string{"VERSION", "TZ", "LANG", "AWS_REGION", "PATH", "LD_PRELOAD", "HTTPS_PROXY", "no_proxy", "BUILDKIT_INLINE_CACHE", "SOURCE_DATE_EPOCH", "_x"} {
		if list := problemsOf(t, "build: {context: ., args: {"+name+": 'x'}}"); len(list) != 0 {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// problemsOf loads a file with one more key on its sixth line.
func problemsOf(t *testing.T, key string) []project.Problem {
	t.Helper()
	text := "services:\n  web:\n    image: nginx:1.29\n    restart: always\n    init: true\n    " + key + "\n"
	if top, ok := strings.CutPrefix(key, "top:"); ok {
		text = "services:\n  web:\n    image: nginx:1.29\n    restart: always\n    init: true\n" + top + "\n"
	}
	text += "secrets: {s: {environment: S}}\nvolumes: {v: {}}\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}})
	if err == nil {
		_, _, err = app.From(p, app.Options{})
	}
	var problems *project.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	if problems == nil {
		return nil
	}
	return problems.List
}
