//go:build !unix

package handover

import "os"

// To runs the program at path, with the arguments that follow its name, and
// returns its exit code. The error says why it could not be started.
func To(path string, args []string) (code int, err error) {
	return child(path, args, os.Interrupt)
}
