//go:build unix

package handover

import (
	"fmt"
	"os"
	"syscall"
)

// To makes this process the program at path, with the arguments that follow its
// name. It returns only if that fails; code has no meaning then.
func To(path string, args []string) (code int, err error) {
	err = syscall.Exec(path, append([]string{path}, args...), os.Environ()) //nolint:gosec // the caller names it
	return 0, fmt.Errorf("starting %s: %w", path, err)
}
