package project

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/regular"
)

// repository is where a repository's parts are.
type repository struct {
	// root is the folder of the work tree.
	root string
	// dir holds HEAD and the index; common holds refs, objects and config. They
	// differ in a work tree of `git worktree add` only.
	dir, common string
}

// maxPointer bounds what is read of a .git file, of HEAD and of commondir.
const maxPointer = 4 << 10

// findRepository looks for .git in a folder and those above it: a folder, or in
// a submodule and in a further work tree a file that says where the folder is.
func findRepository(dir string) (repository, bool) {
	for at := dir; ; at = filepath.Dir(at) {
		git := filepath.Join(at, ".git")
		switch info, err := os.Stat(git); {
		case err == nil && info.IsDir():
			return repository{root: at, dir: git, common: git}, true
		case err == nil:
			return pointed(at, git)
		case at == filepath.Dir(at):
			return repository{}, false
		}
	}
}

// pointed follows a .git file.
func pointed(root, file string) (repository, bool) {
	dir, ok := strings.CutPrefix(pointer(file), "gitdir: ")
	if !ok {
		return repository{}, false
	}
	dir = absolute(dir, root)
	r := repository{root: root, dir: dir, common: dir}
	if common := pointer(filepath.Join(dir, "commondir")); common != "" {
		r.common = absolute(common, dir)
	}
	return r, true
}

func pointer(file string) string {
	text, err := regular.Read(file, maxPointer)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func absolute(path, from string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(from, path)
}

// view is a repository as git sees it without its configuration. That names
// programs (filters, hooks, fsmonitor, pagers, diff and text converters, ssh
// commands, credential helpers, aliases, includes), and a project may be
// somebody else's. So git is given a folder of berth's own, with links to the
// refs and objects, and a configuration of berth's own with those settings that
// say how files are compared and name no program.
type view struct {
	repository
	home   string
	config map[string]string
}

// harmless are the settings that a view takes over: whether two files are the
// same, and how the repository is stored.
var harmless = []string{
	"core.filemode", "core.symlinks", "core.ignorecase", "core.precomposeunicode", "core.trustctime", "core.checkstat",
	"core.autocrlf", "core.eol", "core.safecrlf", "core.repositoryformatversion", "extensions.objectformat", "extensions.refstorage",
}

// view makes the view. It is none for a bare repository, which has no files.
func (r repository) view(ctx context.Context) (*view, bool) {
	home, err := os.MkdirTemp("", "berth-git-") // which nobody else can read
	if err != nil {
		return nil, false
	}
	v := &view{repository: r, home: home}
	if v.fill(ctx) != nil || r.dir == r.common && v.config["core.bare"] == "true" {
		v.remove()
		return nil, false
	}
	return v, true
}

func (v *view) remove() { _ = os.RemoveAll(v.home) }

// fill makes the folder of the view.
func (v *view) fill(ctx context.Context) error {
	head, err := regular.Read(filepath.Join(v.dir, "HEAD"), maxPointer)
	if err != nil {
		return err
	}
	for _, part := range []string{"refs", "packed-refs", "objects", "reftable"} {
		from := filepath.Join(v.common, part)
		if _, err := os.Stat(from); err == nil {
			if err := os.Symlink(from, filepath.Join(v.home, part)); err != nil {
				return err
			}
		}
	}
	if err := os.WriteFile(filepath.Join(v.home, "HEAD"), head, 0o600); err != nil {
		return err
	}
	if err := v.readConfig(ctx); err != nil {
		return err
	}
	for _, key := range harmless {
		if value, ok := v.config[key]; ok {
			if _, ok := v.ask(ctx, "config", "--file", filepath.Join(v.home, "config"), key, value); !ok {
				return errors.New("git takes no setting")
			}
		}
	}
	return nil
}

// readConfig reads the repository's configuration as text, without includes:
// git parses the file and acts on nothing in it.
func (v *view) readConfig(ctx context.Context) error {
	const most = 1 << 20
	text, err := regular.Read(filepath.Join(v.common, "config"), most)
	if err != nil {
		return err
	}
	file := filepath.Join(v.home, "theirs")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	list, ok := v.ask(ctx, "config", "--file", file, "--no-includes", "--null", "--list")
	if !ok {
		return errors.New("git cannot read the configuration")
	}
	v.config = map[string]string{}
	for entry := range strings.SplitSeq(list, "\x00") {
		key, value, _ := strings.Cut(entry, "\n")
		v.config[key] = value
	}
	return nil
}

// dirty says whether tracked files, or what is staged, differ from HEAD. Of
// submodules only the commit counts: looking into one would start another git
// with that one's configuration.
func (v *view) dirty(ctx context.Context) bool {
	status, ok := v.ask(ctx, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames")
	return ok && status != ""
}

func (v *view) ask(ctx context.Context, args ...string) (string, bool) {
	out, err := v.command(ctx, args...).Output()
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(string(out)), true
}

// command is a call of git on the view. Nothing of the caller's GIT_ variables
// reaches it: they may lead it elsewhere.
func (v *view) command(ctx context.Context, args ...string) *exec.Cmd {
	args = append([]string{"--no-pager", "--no-optional-locks", "--no-replace-objects"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...) //nolint:gosec // git, with arguments that were put together here
	cmd.Dir = v.root
	cmd.WaitDelay = time.Second
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env,
		"GIT_DIR="+v.home, "GIT_WORK_TREE="+v.root, "GIT_INDEX_FILE="+filepath.Join(v.dir, "index"),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_ATTR_NOSYSTEM=1",
		"HOME="+v.home, "XDG_CONFIG_HOME="+v.home, "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1",
	)
	return cmd
}
