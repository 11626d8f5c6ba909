package project

import (
	"context"
	"net/url"
	"os/exec"
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

// readGit asks git about a folder. It never fails: a folder without answers
// has none.
func readGit(ctx context.Context, dir string) Git {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	root, ok := askGit(ctx, dir, "rev-parse", "--show-toplevel")
	if !ok {
		return Git{}
	}
	g := Git{}
	g.Commit, _ = askGit(ctx, dir, "rev-parse", "HEAD")
	if remote, ok := askGit(ctx, dir, "config", "--get", "remote.origin.url"); ok {
		g.Remote = withoutCredentials(remote)
	}
	status, ok := askGit(ctx, dir, "status", "--porcelain", "--untracked-files=no")
	g.Dirty = ok && status != ""
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if rel, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(rel) {
		g.Path = filepath.ToSlash(rel)
	}
	return g
}

func askGit(ctx context.Context, dir string, args ...string) (string, bool) {
	// Hooks and helpers named in a repository's own configuration do not run:
	// the folder may be somebody else's. Without --no-optional-locks a status
	// writes the index, and one that is cut short leaves its lock behind.
	args = append([]string{"--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(string(out)), true
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
