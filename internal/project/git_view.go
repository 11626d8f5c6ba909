package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/regular"
)

// repository is the folders of a repository.
type repository struct {
	// root is the folder of the work tree.
	root string
	// dir has HEAD and the index; common has refs, objects and config. They differ
	// only in a work tree of `git worktree add`.
	dir, common string
}

// maxPointer is the largest .git file, HEAD or commondir that berth reads.
const maxPointer = 4 << 10

// findRepository searches a folder and those above it for .git: a folder, or, in
// submodules and additional work trees, a file with the path of that folder. It
// returns false if there is none. Like git, it ignores a .git without HEAD.
func findRepository(dir string) (repository, bool, error) {
	for at := dir; ; at = filepath.Dir(at) {
		git := filepath.Join(at, ".git")
		info, err := os.Stat(git)
		if err == nil && info.IsDir() {
			_, err = os.Lstat(filepath.Join(git, "HEAD"))
			if err == nil {
				return repository{root: at, dir: git, common: git}, true, nil
			}
		} else if err == nil {
			r, err := pointed(at, git)
			return r, err == nil, err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return repository{}, false, err
		}
		if at == filepath.Dir(at) {
			return repository{}, false, nil
		}
	}
}

// pointed follows a .git file.
func pointed(root, file string) (repository, error) {
	text, err := pointer(file)
	if err != nil {
		return repository{}, err
	}
	dir, ok := strings.CutPrefix(text, "gitdir: ")
	if !ok {
		return repository{}, fmt.Errorf("%s does not begin with \"gitdir:\"", file)
	}
	dir = absolute(dir, root)
	r := repository{root: root, dir: dir, common: dir}
	common, err := pointer(filepath.Join(dir, "commondir"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return repository{}, err
	}
	if common != "" {
		r.common = absolute(common, dir)
	}
	return r, nil
}

func pointer(file string) (string, error) {
	text, err := regular.Read(file, maxPointer)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return strings.TrimSpace(string(text)), nil
}

func absolute(path, from string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(from, path)
}

// view is a repository as git sees it without the repository's configuration. That
// can name programs (filters, hooks, fsmonitor, pagers, diff and text converters,
// ssh commands, credential helpers, aliases, includes), and the project may be
// someone else's. So berth runs git on a temporary folder with links to the refs and
// objects, and a configuration that has only the settings that decide how files are
// compared and that name no program.
type view struct {
	repository
	home string
}

// harmless are the settings that a view copies: they decide whether two files are
// equal, and how the repository is stored.
var harmless = []string{
	"core.filemode", "core.symlinks", "core.ignorecase", "core.precomposeunicode", "core.trustctime", "core.checkstat",
	"core.autocrlf", "core.eol", "core.safecrlf", "core.repositoryformatversion", "extensions.objectformat", "extensions.refstorage",
}

// view makes the view. It returns false for a bare repository, which has no files.
func (r repository) view(config gitConfig) (*view, bool) {
	if r.dir == r.common && config["core.bare"] == "true" {
		return nil, false
	}
	home, err := os.MkdirTemp("", "berth-git-") // only this user can read it
	if err != nil {
		return nil, false
	}
	v := &view{repository: r, home: home}
	if v.fill(config) != nil {
		v.remove()
		return nil, false
	}
	return v, true
}

func (v *view) remove() { _ = os.RemoveAll(v.home) }

// fill makes the folder of the view.
func (v *view) fill(config gitConfig) error {
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
	var own strings.Builder
	for _, key := range harmless {
		if value, ok := config[key]; ok {
			own.WriteString(setting(key, value))
		}
	}
	return os.WriteFile(filepath.Join(v.home, "config"), []byte(own.String()), 0o600)
}

// dirty says whether tracked or staged files differ from HEAD. Of submodules only
// the commit counts: inspecting one would start another git with the submodule's
// configuration.
func (v *view) dirty(ctx context.Context) (dirty, ok bool) {
	status, ok := v.ask(ctx, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames")
	return status != "", ok
}

func (v *view) ask(ctx context.Context, args ...string) (string, bool) {
	out, err := v.command(ctx, args...).Output()
	if err != nil {
		return "", false
	}
	return strings.TrimSpace(string(out)), true
}

// command is a call of git on the view. It does not pass on GIT_ variables of the
// caller, which could point git to another repository.
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
