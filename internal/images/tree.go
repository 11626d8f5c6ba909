package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/mounted"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/regular"
)

// The bounds of a context. Above the first pair it is worth a notice, above
// the second it cannot be meant.
const (
	manyFiles, manyBytes = 200_000, 2 << 30
	mostFiles, mostBytes = 2_000_000, 64 << 30
)

// entry is a file, folder or link of a context.
type entry struct {
	path string // with slashes, relative to the context
	mode fs.FileMode
	size int64
	// link is where a symbolic link leads, sum a file's content.
	link, sum string
}

// tree is a context without what its .dockerignore leaves out.
type tree struct {
	root    string
	entries []entry
	files   int
	bytes   int64
	// sizes are the bytes by the first part of the path.
	sizes map[string]int64
}

// tooLargeError says that a context is beyond all bounds.
type tooLargeError struct{ files int }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("it has more than %d files or %d GiB (%d files so far)", mostFiles, mostBytes>>30, e.files)
}

// walk lists a context in the order of its paths, without berth's own folder.
// ignore is the file with the patterns to leave out; a missing one leaves nothing
// else out. only, if it is not nil, takes its place: it names the files and
// folders that are taken.
func walk(ctx context.Context, root, ignore string, only []string) (*tree, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	var patterns []string
	if only == nil {
		if patterns, err = ignored(ignore); err != nil {
			return nil, err
		}
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ignore, err)
	}
	t := &tree{root: root, sizes: map[string]int64{}}
	above := map[string]patternmatcher.MatchInfo{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if d.IsDir() && d.Name() == app.Folder {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if only != nil && !isTaken(filepath.ToSlash(rel), only) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		out, info, err := matcher.MatchesUsingParentResults(rel, above[filepath.Dir(rel)])
		if err != nil {
			return err
		}
		if d.IsDir() {
			above[rel] = info
		}
		switch {
		case out && d.IsDir() && !matcher.Exclusions():
			return fs.SkipDir
		case out:
			return nil
		}
		return t.add(rel, path, d)
	})
	return t, err
}

// isTaken says whether a path is one of those to take, in one of them, or a
// folder on the way to one. What version control keeps is never taken.
func isTaken(path string, only []string) bool {
	return !mounted.InHistory(path) && slices.ContainsFunc(only, func(o string) bool {
		return o == "." || path == o || strings.HasPrefix(path, o+"/") || strings.HasPrefix(o, path+"/")
	})
}

// ignored reads the patterns of a .dockerignore.
func ignored(path string) ([]string, error) {
	text, err := regular.Read(path, maxIgnored)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return ignorefile.ReadAll(bytes.NewReader(text))
}

// add takes in one object. Sockets and devices are no part of a context.
func (t *tree) add(rel, path string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	e := entry{path: filepath.ToSlash(rel), mode: info.Mode()}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		if e.link, err = os.Readlink(path); err != nil {
			return err
		}
	case info.Mode().IsRegular():
		e.size = info.Size()
		t.files++
		t.bytes += e.size
		first, _, _ := strings.Cut(e.path, "/")
		t.sizes[first] += e.size
	case !info.IsDir():
		return nil
	}
	if t.files > mostFiles || t.bytes > mostBytes {
		return &tooLargeError{t.files}
	}
	t.entries = append(t.entries, e)
	return nil
}

// digest reads every file and sums the tree up. Times and owners do not
// count, nor do write permissions of others than the owner, which differ with
// the umask of whoever checked the files out.
func (t *tree) digest(ctx context.Context) (string, error) {
	if err := t.sumFiles(ctx); err != nil {
		return "", err
	}
	const othersWrite = 0o022
	h := sha256.New()
	for _, e := range t.entries {
		kind, mode := "file", e.mode.Perm()&^othersWrite
		switch {
		case e.mode.IsDir():
			kind = "folder"
		case e.mode&fs.ModeSymlink != 0:
			kind, mode = "link", 0
		}
		_, _ = fmt.Fprintf(h, "%s %o %q %q %s\n", kind, mode, e.path, e.link, e.sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// sumFiles reads the files side by side.
func (t *tree) sumFiles(ctx context.Context) error {
	work := make(chan int)
	errs := make([]error, max(runtime.NumCPU(), 1))
	var wg sync.WaitGroup
	for n := range errs {
		wg.Go(func() {
			for i := range work {
				if errs[n] == nil && context.Cause(ctx) == nil {
					errs[n] = concurrent.Safely(func() (err error) {
						t.entries[i].sum, err = sumOf(ctx, filepath.Join(t.root, filepath.FromSlash(t.entries[i].path)))
						return err
					})
				}
			}
		})
	}
	for i, e := range t.entries {
		if e.mode.IsRegular() {
			work <- i
		}
	}
	close(work)
	wg.Wait()
	return errors.Join(append(errs, context.Cause(ctx))...)
}

// stoppable is a reader that ends with ctx: reading a large file must not delay the
// end of a run.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

func sumOf(ctx context.Context, path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, stoppable{ctx, f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
