package bed

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/berthdev/berth/internal/app"
)

// Contexts writes a Dockerfile into each folder that a build needs and that
// does not exist.
func Contexts(t *testing.T, a *app.App) {
	t.Helper()
	for _, b := range a.Builds() {
		if b.Path == "" {
			continue
		}
		if _, err := os.Stat(b.Path); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(b.Path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(b.Path, []byte("FROM scratch\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
