package project

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Git is the git revision and repository of the files. It is empty outside of a
// repository. Remote and Path, which identify the source of a stack, do not depend
// on whether git is installed.
type Git struct {
	// Commit is the full hash of HEAD, empty if git does not answer in time.
	Commit string
	// Remote is the URL of origin, without credentials.
	Remote string
	// Dirty says that tracked files have changed since Commit.
	Dirty bool
	// Path is the project's folder within the repository, "." at its root.
	Path string
}

// gitTime bounds all calls of git together.
const gitTime = 3 * time.Second

// askGit asks git about a folder while the files are read; answer waits for the
// result. A panic becomes an error: on its goroutine it would end the process.
func askGit(ctx context.Context, dir string) (answer func() gitAnswer) {
	done := make(chan gitAnswer, 1)
	go func() {
		var a gitAnswer
		defer func() {
			if v := recover(); v != nil {
				a.err = fmt.Errorf("asking git about %s: an error in berth: %v", dir, v)
			}
			done <- a
		}()
		a.Git, a.err = readGit(ctx, dir)
	}()
	return func() gitAnswer { return <-done }
}

// readGit finds out where a folder's files come from. It runs no program that the
// repository's configuration names, and reads Remote and Path without running any
// program: if they cannot be read, that is an error, because the folder must not
// look like another source.
func readGit(ctx context.Context, dir string) (Git, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	repo, ok, err := findRepository(dir)
	if err != nil || !ok {
		return Git{}, err
	}
	config, err := repo.config()
	if err != nil {
		return Git{}, err
	}
	g := Git{Remote: withoutCredentials(config["remote.origin.url"])}
	if rel, err := filepath.Rel(repo.root, dir); err == nil && filepath.IsLocal(rel) {
		g.Path = filepath.ToSlash(rel)
	}
	g.Commit, g.Dirty = repo.revision(ctx, config)
	return g, nil
}

// revision asks git for the commit, and whether files differ from it. If git does
// not answer both in time, both are empty.
func (r repository) revision(ctx context.Context, config gitConfig) (commit string, dirty bool) {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	view, ok := r.view(config)
	if !ok {
		return "", false
	}
	defer view.remove()
	if commit, ok = view.ask(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); ok {
		dirty, ok = view.dirty(ctx)
	}
	if !ok {
		return "", false
	}
	return commit, dirty
}

// gitAnswer is what readGit returns.
type gitAnswer struct {
	Git
	err error
}

// problem says why the source could not be read; nil if it could.
func (a gitAnswer) problem() []Problem {
	if a.err == nil {
		return nil
	}
	return []Problem{{
		What: "git's configuration cannot be read", Why: a.err.Error(),
		Remedy: "berth needs it to tell which project this is: correct the file or its permissions, or run berth in a fresh clone",
	}}
}

// withoutCredentials removes user and password from a remote's URL. The user of an
// scp-like remote (git@host:path) is not a secret and stays.
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
