package project

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestTheSourceNeedsNoGit: the source of a checkout does not depend on whether git is
// installed, fails or hangs. Only the revision is then unknown.
func TestTheSourceNeedsNoGit(t *testing.T) {
	r := newRepo(t)
	tree := filepath.Join(t.TempDir(), "w")
	r.git("worktree", "add", "-q", tree)
	r.git("config", "url.https://elsewhere.example.com/.insteadOf", "https://example.com/")
	r.write("more", "[remote \"origin\"]\n\turl = https://elsewhere.example.com/x.git\n")
	r.git("config", "include.path", filepath.Join(r.dir, "more"))
	for name, script := range map[string]string{
		"missing": "", "hanging": "sleep 60", "failing": "exit 128", "without words": "exit 0", "one answer": `case "$*" in *rev-parse*) echo 1;; *) sleep 60;; esac`,
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			if script != "" {
				text := "#!/bin/sh\nPATH='" + os.Getenv("PATH") + "'\n" + script + "\n"
				if err := os.WriteFile(filepath.Join(path, "git"), []byte(text), 0o700); err != nil { //nolint:gosec // a program
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", path)
			var group sync.WaitGroup
			for dir, want := range map[string]Git{
				r.dir:                      {Remote: "https://example.com/team/shop.git", Path: "."},
				filepath.Join(tree, "sub"): {Remote: "https://example.com/team/shop.git", Path: "sub"},
			} {
				group.Go(func() {
					if got, err := readGit(t.Context(), dir); err != nil || got != want {
						t.Errorf("%s: %+v, %v, want %+v", dir, got, err, want)
					}
				})
			}
			group.Wait()
		})
	}
}

// TestASourceThatCannotBeReadIsAProblem: berth must not use the folder's path instead
// of the repository.
func TestASourceThatCannotBeReadIsAProblem(t *testing.T) {
	t.Parallel()
	config := func(text string) func(r repo) {
		return func(r repo) { r.write(".git/config", text) }
	}
	for name, c := range map[string]struct {
		damage func(r repo)
		why    string
	}{
		"no configuration": {func(r repo) { _ = os.Remove(filepath.Join(r.dir, ".git/config")) }, "config: there is no such file"},
		"a folder": {func(r repo) {
			_ = os.Remove(filepath.Join(r.dir, ".git/config"))
			r.write(".git/config/x", "")
		}, "config: it is a folder"},
		"a pipe": {func(r repo) {
			_ = os.Remove(filepath.Join(r.dir, ".git/config"))
			_ = syscall.Mkfifo(filepath.Join(r.dir, ".git/config"), 0o600)
		}, "config: it is a named pipe"},
		"no setting":                   {config("[remote \"origin\"]\n\turl = a\n= b\n"), "config: line 3: the line is not a setting"},
		"an open quote":                {config("[remote \"origin\"]\n\turl = \"a\n"), "a quote is not closed"},
		"too large":                    {config(strings.Repeat("#", maxGitConfig+1)), "and berth reads at most"},
		"a broken pointer":             {pointTo("gitdir: ../nowhere\n"), "nowhere/config: there is no such file"},
		"a strange pointer":            {pointTo("hello\n"), ".git does not begin with \"gitdir:\""},
		"a circle":                     {func(r repo) { _ = os.RemoveAll(r.dir + "/.git"); _ = os.Symlink(".git", r.dir+"/.git") }, "too many levels of symbolic links"},
		"a common folder that is none": {func(r repo) { r.write(".git2/commondir/x", ""); pointTo("gitdir: .git2\n")(r) }, "commondir: it is a folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			c.damage(r)
			p, err := Load(t.Context(), Options{Dir: r.dir, Env: []string{}})
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Problems) != 1 || p.Problems[0].What != "git's configuration cannot be read" ||
				!strings.Contains(p.Problems[0].Why, c.why) || p.Problems[0].Remedy == "" || p.Git != (Git{}) {
				t.Errorf("the problems are %+v and git's answers %+v, want %q", p.Problems, p.Git, c.why)
			}
		})
	}
}

// pointTo puts a file in place of .git.
func pointTo(text string) func(r repo) {
	return func(r repo) {
		_ = os.RemoveAll(filepath.Join(r.dir, ".git"))
		r.write(".git", text)
	}
}

// TestGitConfigIsReadAsGitReadsIt compares with git itself, for files that it accepts
// and files that it refuses.
func TestGitConfigIsReadAsGitReadsIt(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n\n", "# a\n; b\n", "\ufeff[a]\nb=c\n", "[a]\r\n\tb = c\r\n", "[a]\n\tb = c", "[A]\nB=C\n", "[a] b = c\n", "[a]b=c\n[d]e=f",
		"[a \"B c\"]\n\td = e f  \n", "[a \"x\\\"y\\\\z\"]\nb=1\n", "[a \"x\\y\"]\nb=1\n", "[a.B]\nc=d\n", "[a-b]\nc-d=e\n", "[a]\nb\n", "[a]\nb # c\n",
		"[a]\nb = c # d\n", "[a]\nb = c ; d\n", "[a]\nb = \"c # d\"\n", "[a]\nb = \"  c \" \n", "[a]\nb = x\"y z\"w\n", "[a]\nb = c \\\n  d\n",
		"[a]\nb = \\n\\t\\b\\\"\\\\\n", "[a]\nb =\n", "[a]\nb = \"\"\n", "[a]\nb=1\nb=2\n", "[a]\nb=c\t\n", "[remote \"origin\"]\n\turl = https://x/y.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n",
		"[include]\n\tpath = /dev/null\n", "[a]\nb = c\\", "[a]\nb = \"c\n", "[a\nb=c\n", "[a \"b\nc\"]\nd=e\n", "[a \"b]\nc=d\n", "[a]\nb = \\x\n", "b = c\n", "[a]\n= c\n", "[a]\n1b = c\n",
		"[]\na=b\n", "[a]\nb c\n", "[a]x\n", "[a]\nb = ünï\n", "[a \"ü\"]\nb=1\n", "[a]\n\x00\n", "[ a]\nb=1\n", "[a ]\nb=1\n",
	} {
		file := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want := gitConfig{}
		list, theirs := exec.CommandContext(t.Context(), "git", "config", "--file", file, "--no-includes", "--null", "--list").Output()
		for entry := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
			if key, value, ok := strings.Cut(entry, "\n"); ok {
				want[key] = value
			} else if key != "" {
				want[key] = "true"
			}
		}
		got, err := readGitConfig(file)
		if (err != nil) != (theirs != nil) || err == nil && !maps.Equal(got, want) {
			t.Errorf("%q: %q, %v; git says %q, %v", text, got, err, want, theirs)
		}
	}
}
