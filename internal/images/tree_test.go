package images

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
)

// write makes a file with its folders.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// folder is a small context.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), "package main")
	write(t, filepath.Join(dir, "lib/a.txt"), "a")
	write(t, filepath.Join(dir, "node_modules/x/index.js"), "x")
	write(t, filepath.Join(dir, "node_modules/keep.txt"), "k")
	write(t, filepath.Join(dir, ".dockerignore"), "node_modules\n!node_modules/keep.txt\n*.log\n")
	must(t, os.Symlink("main.go", filepath.Join(dir, "link")))
	return dir
}

func digestOf(t *testing.T, dir string) string {
	t.Helper()
	tree, err := walk(t.Context(), dir, filepath.Join(dir, ".dockerignore"), nil)
	must(t, err)
	digest, err := tree.digest(t.Context())
	must(t, err)
	return digest
}

func TestWhatADigestDependsOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(t *testing.T, dir string)
		differs bool
	}{
		{"nothing", func(*testing.T, string) {}, false},
		{"content", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "lib/a.txt"), "b") }, true},
		{"a new file", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "lib/b.txt"), "") }, true},
		{"an empty folder", func(t *testing.T, dir string) { must(t, os.Mkdir(filepath.Join(dir, "empty"), 0o755)) }, true},
		{"a file less", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "lib/a.txt"))) }, true},
		{"executable", func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "main.go"), 0o755)) }, true},
		{"unreadable for others", func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "main.go"), 0o600)) }, true},
		{"another umask", func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "main.go"), 0o664)) }, false},
		{"time", func(t *testing.T, dir string) {
			must(t, os.Chtimes(filepath.Join(dir, "main.go"), time.Now(), time.Unix(1, 0)))
		}, false},
		{"where a link leads", func(t *testing.T, dir string) {
			must(t, os.Remove(filepath.Join(dir, "link")))
			must(t, os.Symlink("lib", filepath.Join(dir, "link")))
		}, true},
		{"an ignored file", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "node_modules/x/y.js"), "y") }, false},
		{"an ignored pattern", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "debug.log"), "y") }, false},
		{"berth's own folder", func(t *testing.T, dir string) { write(t, filepath.Join(dir, ".berth/sandbox.json"), "{}") }, false},
		{"that of a project in it", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "lib/.berth/x"), "y") }, false},
		{"an exception", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "node_modules/keep.txt"), "y") }, true},
		{"a link to nowhere", func(t *testing.T, dir string) { must(t, os.Symlink("nowhere", filepath.Join(dir, "dangling"))) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			before := digestOf(t, dir)
			c.change(t, dir)
			if after := digestOf(t, dir); (after != before) != c.differs {
				t.Errorf("the digest differs: %v, want %v", after != before, c.differs)
			}
		})
	}
}

func TestADigestIsTheSameElsewhere(t *testing.T) {
	t.Parallel()
	if a, b := digestOf(t, folder(t)), digestOf(t, folder(t)); a != b {
		t.Errorf("%s, and in another folder %s", a, b)
	}
	link := filepath.Join(t.TempDir(), "context")
	dir := folder(t)
	must(t, os.Symlink(dir, link))
	if digestOf(t, link) != digestOf(t, dir) {
		t.Error("a context that is a link has another digest than its folder")
	}
}

// TestReadingAHugeFileCanBeStopped: Ctrl-C ends a plan that reads a context of
// a size that nobody meant, and its packing.
func TestReadingAHugeFileCanBeStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "big"))
	must(t, err)
	must(t, f.Truncate(63<<30)) // a hole: it takes no room, and half a minute or more to read
	must(t, f.Close())
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	tr, err := walk(t.Context(), dir, filepath.Join(dir, ".dockerignore"), nil)
	must(t, err)
	begun := time.Now()
	if _, err := tr.digest(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the digest ended with %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := pack(ctx, &app.Build{Dir: dir}, io.Discard); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("packing ended with %v", err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
