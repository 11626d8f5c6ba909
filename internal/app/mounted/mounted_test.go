package mounted

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestHistoriesAreNotLookedThrough: what version control keeps beside the files
// neither counts as a credential nor as one of too many files. What only has a
// similar name does.
func TestHistoriesAreNotLookedThrough(t *testing.T) {
	t.Parallel()
	const token = "token=ghp_0123456789abcdefghijklmnopqrstuvwxyz\n"
	for _, name := range append(Histories(), "sub/.git", ".github", ".gitignore.d", "git") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			hook := filepath.Join(dir, name, "hooks", "pre-push.sample")
			err := errors.Join(os.MkdirAll(filepath.Dir(hook), 0o700), os.WriteFile(hook, []byte(token), 0o600),
				os.WriteFile(filepath.Join(dir, "site.conf"), []byte("listen 80;\n"), 0o600))
			for i := range Most {
				err = errors.Join(err, os.WriteFile(filepath.Join(filepath.Dir(hook), fmt.Sprint(i)), nil, 0o600))
			}
			if err != nil {
				t.Fatal(err)
			}
			found, all := FindCredential(dir)
			if skipped := found == "" && all; skipped != InHistory(name) {
				t.Errorf("found %q, all files read: %t", found, all)
			}
		})
	}
}

// TestAHistoryThatIsAFile: in a worktree and in a submodule, .git is a file.
func TestAHistoryThatIsAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".git"), []byte("password=hunter2hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, all := FindCredential(dir); found != "" || !all {
		t.Errorf("found %q, all files read: %t", found, all)
	}
}
