package command

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/regular"
)

// maxModule bounds what is read of a go.mod.
const maxModule = 1 << 20

// module is berth's own Go module.
const module = "github.com/berthdev/berth"

// checkout is the checkout of berth that the working directory is in.
func checkout() (root string, ok bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	declares := regexp.MustCompile(`(?m)^module\s+"?` + regexp.QuoteMeta(module) + `"?\s*(//.*)?$`)
	for {
		text, err := regular.Read(filepath.Join(dir, "go.mod"), maxModule)
		if err == nil {
			return dir, declares.Match(text)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// buildOperator builds the operator of a checkout, into one file per checkout. Go's
// cache makes this a matter of seconds if nothing has changed.
func (v *operatorVerb) buildOperator(ctx context.Context, root string) (path string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("building %s: %w", operatorName, err)
	}
	sum := sha256.Sum256([]byte(root))
	path = filepath.Join(cache, "berth", fmt.Sprintf("%s-dev-%x", operatorName, sum[:4]))
	v.Say("building %s from %s", operatorName, root)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/"+operatorName)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", &cli.RemedyError{
			Err:    fmt.Errorf("building %s in %s: %w", operatorName, root, err),
			Advice: strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "\n  "),
		}
	}
	return path, nil
}
