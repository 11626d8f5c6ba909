package project

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// repo makes repositories for a test, without the machine's git configuration.
type repo struct {
	t   *testing.T
	dir string
}

func (r repo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always", "-c", "core.hooksPath=/dev/null"}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r repo) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func newRepo(t *testing.T) repo {
	t.Helper()
	r := repo{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	r.write("compose.yaml", "services: {web: {image: nginx}}\n")
	r.write("sub/file", "text\n")
	r.git("add", ".")
	r.git("commit", "-qm", "a")
	r.git("remote", "add", "origin", "https://me:hunter2@example.com/team/shop.git")
	return r
}

// TestNoProgramOfARepositoryRuns sets every setting by which a repository can name a
// program. Each program would leave a mark, and the test checks that there is none.
// The files have changed, so that git has something to compare.
func TestNoProgramOfARepositoryRuns(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	marks := t.TempDir()
	inner := newRepo(t)
	r.git("submodule", "--quiet", "add", inner.dir, "inner")
	r.write(".gitattributes", "* filter=evil diff=evil merge=evil text eol=lf ident\n")
	r.git("add", ".")
	r.git("commit", "-qm", "b")
	head := r.git("rev-parse", "HEAD")
	sub := repo{t, filepath.Join(r.dir, "inner")}
	for _, at := range []repo{r, sub} {
		gitDir := at.git("rev-parse", "--absolute-git-dir")
		program := func(name string) string {
			path := filepath.Join(gitDir, "evil", name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			script := fmt.Sprintf("#!/bin/sh\ntouch '%s'\ncat\n", filepath.Join(marks, filepath.Base(at.dir)+"-"+name))
			if err := os.WriteFile(path, []byte(script), 0o700); err != nil { //nolint:gosec // a program
				t.Fatal(err)
			}
			return path
		}
		for _, key := range []string{
			"filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.command", "diff.evil.textconv", "diff.external",
			"merge.evil.driver", "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy",
			"core.alternateRefsCommand", "credential.helper", "gpg.program", "gpg.ssh.program", "pager.config", "pager.diff-index",
			"pager.rev-parse", "pager.status", "uploadpack.packObjectsHook", "remote.origin.uploadpack", "sequence.editor", "trailer.x.command",
			"alias.config", "alias.rev-parse", "alias.diff-index", "interactive.diffFilter", "mergetool.evil.cmd", "difftool.evil.cmd",
		} {
			value := program(key)
			if strings.HasPrefix(key, "alias.") || key == "credential.helper" {
				value = "!" + value
			}
			at.git("config", key, value)
		}
		at.git("config", "remote.origin.promisor", "true")
		at.git("config", "extensions.partialClone", "origin")
		at.git("config", "core.repositoryFormatVersion", "1")
		at.git("config", "filter.evil.required", "true")
		at.git("config", "core.hooksPath", filepath.Join(gitDir, "evil"))
		for _, hook := range []string{"fsmonitor-watchman", "post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"} {
			program(hook)
		}
		more := filepath.Join(gitDir, "more")
		if err := os.WriteFile(more, []byte("[filter \"evil\"]\n\tclean = "+program("included")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		at.git("config", "include.path", more)
		at.git("config", "includeIf.gitdir:/.path", more)
	}
	for _, at := range []repo{r, sub} {
		at.write("compose.yaml", "services: {web: {image: nginX}}\n") // of the same size
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(at.dir, "sub/file"), old, old); err != nil {
			t.Fatal(err)
		}
	}

	p, err := Load(t.Context(), Options{Dir: r.dir, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	want := Git{Commit: head, Remote: "https://example.com/team/shop.git", Dirty: true, Path: "."}
	if p.Git != want {
		t.Errorf("git says %+v, want %+v", p.Git, want)
	}
	ran, err := os.ReadDir(marks)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range ran {
		t.Errorf("%s ran", mark.Name())
	}
}

// TestGitOfEveryShape: the answers do not depend on where a repository's parts are.
func TestGitOfEveryShape(t *testing.T) {
	t.Parallel()
	const remote = "https://example.com/team/shop.git"
	shapes := map[string]func(r repo) (dir string, want Git){
		"plain": func(r repo) (string, Git) { return r.dir, Git{Path: "."} },
		"below": func(r repo) (string, Git) { return filepath.Join(r.dir, "sub"), Git{Path: "sub"} },
		"packed": func(r repo) (string, Git) {
			r.git("gc", "-q")
			r.git("pack-refs", "--all")
			return r.dir, Git{Path: "."}
		},
		"detached":  func(r repo) (string, Git) { r.git("checkout", "-q", "--detach"); return r.dir, Git{Path: "."} },
		"touched":   func(r repo) (string, Git) { touch(r); return r.dir, Git{Path: "."} },
		"untracked": func(r repo) (string, Git) { r.write("new", "x"); return r.dir, Git{Path: "."} },
		"changed":   func(r repo) (string, Git) { r.write("sub/file", "texT\n"); return r.dir, Git{Path: ".", Dirty: true} },
		"deleted": func(r repo) (string, Git) {
			_ = os.Remove(filepath.Join(r.dir, "sub/file"))
			return r.dir, Git{Path: ".", Dirty: true}
		},
		"staged": func(r repo) (string, Git) {
			r.write("new", "x")
			r.git("add", "new")
			return r.dir, Git{Path: ".", Dirty: true}
		},
		"work tree": func(r repo) (string, Git) {
			d := filepath.Join(r.t.TempDir(), "w")
			r.git("worktree", "add", "-q", d)
			return d, Git{Path: "."}
		},
		"symbolic link": func(r repo) (string, Git) {
			d := filepath.Join(r.t.TempDir(), "l")
			_ = os.Symlink(r.dir, d)
			return d, Git{Path: "."}
		},
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			dir, want := shape(r)
			want.Commit, want.Remote = r.git("rev-parse", "HEAD"), remote
			if got, err := readGit(t.Context(), dir); err != nil || got != want {
				t.Errorf("git says %+v, %v, want %+v", got, err, want)
			}
		})
	}
	t.Run("submodule", func(t *testing.T) {
		t.Parallel()
		inner, outer := newRepo(t), newRepo(t)
		outer.git("submodule", "--quiet", "add", inner.dir, "inner")
		got, err := readGit(t.Context(), filepath.Join(outer.dir, "inner", "sub"))
		if want := (Git{Commit: inner.git("rev-parse", "HEAD"), Remote: inner.dir, Path: "sub"}); err != nil || got != want {
			t.Errorf("git says %+v, %v, want %+v", got, err, want)
		}
	})
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		r := repo{t, t.TempDir()}
		r.git("init", "-q", "--bare", "bare.git")
		r.write("empty/.git/description", "no HEAD\n")
		for _, dir := range []string{".", "bare.git", "empty"} {
			if got, err := readGit(t.Context(), filepath.Join(r.dir, dir)); err != nil || got != (Git{}) {
				t.Errorf("%s: git says %+v, %v", dir, got, err)
			}
		}
	})
}

func touch(r repo) {
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(r.dir, "sub/file"), old, old); err != nil {
		r.t.Fatal(err)
	}
}
