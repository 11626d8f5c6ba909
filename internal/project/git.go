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
// repository; Remote and Path, which say whose deployment this is, do not
// depend on whether git is installed or answers.
type Git struct {
	// Commit is the full hash of HEAD, empty where git does not say in time.
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
// it returns waits for the answers. A panic is an error, too: on a goroutine of
// its own it would end the process.
func askGit(ctx context.Context, dir string) (answer func() gitAnswer) {
	done := make(chan gitAnswer, 1)
	go func() {
		var a gitAnswer
		defer func() {
			if v := recover(); v != nil {
				a.err = fmt.Errorf("asking git about %s: a mistake in berth: %v", dir, v)
			}
			done <- a
		}()
		a.Git, a.err = readGit(ctx, dir)
	}()
	return func() gitAnswer { return <-done }
}

// readGit reads of a folder where its files come from. No program that the
// folder's repository names is run, and none at all for Remote and Path: a
// folder of which they cannot be read is an error, and not another source.
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

// revision asks git for the commit, and whether files differ from it. Without
// both answers in time there is none.
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

// problem says what kept the source from being read; nil if nothing did.
func (a gitAnswer) problem() []Problem {
	if a.err == nil {
		return nil
	}
	return []Problem{{
		What: "git's configuration cannot be read", Why: a.err.Error(),
		Remedy: "berth reads there whose project this is: mend the file or its rights, or run berth in a fresh clone",
	}}
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
