package images

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app/giturl"
)

// askGit bounds the question which revision a reference of a repository is.
const askGit = 20 * time.Second

var commitID = regexp.MustCompile(`^[0-9a-f]{40}$`)

// gitURL is a context URL with its parts: URL#REF:FOLDER.
type gitURL struct{ repository, ref, folder string }

func parseGitURL(url string) gitURL {
	repository, rest, _ := strings.Cut(url, "#")
	ref, folder, _ := strings.Cut(rest, ":")
	return gitURL{repository, ref, folder}
}

// pinned is the URL with the commit in place of the reference, so that what is
// built is what was looked up.
func (g gitURL) pinned(commit string) string {
	url := g.repository + "#" + commit
	if g.folder != "" {
		url += ":" + g.folder
	}
	return url
}

// saying is what git said when it failed, without what may be a password or a token
// in the remote's URL: what is before its host, and the values of its query.
func saying(err error, remote string) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	for line := range strings.Lines(string(exit.Stderr)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "fatal: "); ok {
			if u, urlErr := url.Parse(remote); urlErr == nil && u.User != nil {
				text = strings.ReplaceAll(text, u.User.String()+"@", "")
				if password, ok := u.User.Password(); ok && password != "" {
					text = strings.ReplaceAll(text, password, "...")
				}
			}
			return errors.New(giturl.Without(text, remote))
		}
	}
	return err
}

// transport is the protocol that git may use for a URL, through redirects too.
// ext:: and the like run programs, so none but these is allowed, and file only
// for a path that is written as one.
func transport(remote string) string {
	scheme, _, ok := strings.Cut(remote, "://")
	switch {
	case ok && (scheme == "http" || scheme == "git"):
		return "https:" + scheme
	case filepath.IsAbs(remote):
		return "file"
	}
	return "https:ssh"
}

// lookUp is a call of git that knows nothing of the folder that berth runs in:
// the configuration of a project's repository names programs (ssh commands,
// credential helpers, proxies) and rewrites URLs. The user's own counts.
func lookUp(ctx context.Context, home, remote, ref string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", "ls-remote", "--", remote, ref, ref+"^{}") //nolint:gosec // the user's own URL
	cmd.Dir = home
	for _, variable := range os.Environ() {
		switch name, _, _ := strings.Cut(variable, "="); name {
		case "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES":
		default:
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_CEILING_DIRECTORIES="+filepath.Dir(home), "GIT_ALLOW_PROTOCOL="+transport(remote),
		"GIT_TERMINAL_PROMPT=0", "GIT_SSH_COMMAND=ssh -o BatchMode=yes")
	return cmd
}

// commit asks the repository which commit the reference is now. It neither
// asks for a password nor for a key's passphrase.
func (g gitURL) commit(ctx context.Context) (string, error) {
	if commitID.MatchString(g.ref) {
		return g.ref, nil
	}
	remote := g.repository
	if strings.HasPrefix(remote, "github.com/") {
		remote = "https://" + remote
	}
	ctx, cancel := context.WithTimeout(ctx, askGit)
	defer cancel()
	ref := g.ref
	if ref == "" {
		ref = "HEAD"
	}
	home, err := os.MkdirTemp("", "berth-git-")
	if err != nil {
		return "", fmt.Errorf("making a folder for git: %w", err)
	}
	defer func() { _ = os.RemoveAll(home) }()
	out, err := lookUp(ctx, home, remote, ref).Output()
	if err != nil {
		return "", fmt.Errorf("git ls-remote: %w", saying(err, remote))
	}
	commit := ""
	for line := range strings.Lines(string(out)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		// A tag with a message is an object of its own; ^{} is its commit.
		if commit == "" || strings.HasSuffix(name, "^{}") {
			commit = sum
		}
	}
	if !commitID.MatchString(commit) {
		return "", fmt.Errorf("it has no %s", ref)
	}
	return commit, nil
}
