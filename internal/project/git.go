package project

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Git is where the files come from. All of it is empty outside of a
// repository, or where git is not installed.
type Git struct {
	// Commit is the full hash of HEAD.
	Commit string
	// Remote is the URL of origin, without credentials.
	Remote string
	// Dirty says that tracked files have changed since Commit.
	Dirty bool
	// Path is the project's folder within the repository, "." at its root.
	Path string
}

// gitTime bounds all questions to git together.
const gitTime = 3 * time.Second

// askGit begins to ask git about a folder, beside the reading of the files; what
// it returns waits for the answers. The error is a panic's: on a goroutine of
// its own that would end the process.
func askGit(ctx context.Context, dir string) (answers func() (Git, error)) {
	type result struct {
		git Git
		err error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if v := recover(); v != nil {
				r.err = fmt.Errorf("asking git about %s: a mistake in berth: %v", dir, v)
			}
			done <- r
		}()
		r.git = readGit(ctx, dir)
	}()
	return func() (Git, error) {
		r := <-done
		return r.git, r.err
	}
}

// readGit asks git about a folder. It never fails: a folder without answers
// has none. No program that the folder's repository names is run.
func readGit(ctx context.Context, dir string) Git {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	repo, ok := findRepository(dir)
	if !ok {
		return Git{}
	}
	view, ok := repo.view(ctx)
	if !ok {
		return Git{}
	}
	defer view.remove()
	g := Git{Remote: withoutCredentials(view.config["remote.origin.url"])}
	g.Commit, _ = view.ask(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	g.Dirty = g.Commit != "" && view.dirty(ctx)
	if rel, err := filepath.Rel(repo.root, dir); err == nil && filepath.IsLocal(rel) {
		g.Path = filepath.ToSlash(rel)
	}
	return g
}

// withoutCredentials takes user and password out of a remote's URL. The user
// of an scp-like remote (git@host:path) is no secret and stays.
func withoutCredentials(remote string) string {
	u, err := url.Parse(remote)
	if err != nil || u.Host == "" {
		if _, after, ok := strings.Cut(remote, "://"); ok && err != nil {
			if i := strings.LastIndex(after, "@"); i >= 0 {
				return after[i+1:]
			}
		}
		return remote
	}
	u.User = nil
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}
