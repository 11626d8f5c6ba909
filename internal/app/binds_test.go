package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// TestTheOfferedOverlayTakesBindsOut writes the lines that the refusal of bind
// mounts offers into the file that it names, as a user would, and reads the
// project again.
func TestTheOfferedOverlayTakesBindsOut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"binds", "binds-data", "binds-engine"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(dir, "want.txt")); err != nil {
				t.Fatal(err)
			}
			_, err := translate(t, dir)
			if err == nil {
				t.Fatal("bind mounts are not refused")
			}
			_, lines, ok := strings.Cut(err.Error(), "\n  put this into compose.dev.yaml, the overlay for this environment:\n")
			if !ok {
				t.Fatalf("no overlay is offered:\n%v", err)
			}
			if err := os.WriteFile(filepath.Join(dir, "compose.dev.yaml"), []byte(lines), 0o600); err != nil {
				t.Fatal(err)
			}
			a, err := translate(t, dir)
			if err != nil {
				t.Fatalf("with the overlay\n%s\n%v", lines, err)
			}
			for _, s := range a.Services {
				if s.Name == "proxy" && len(s.Files) != 2 {
					t.Errorf("proxy has the files %+v; want both as configs", s.Files)
				}
			}
		})
	}
}

func translate(t *testing.T, dir string) (*app.App, error) {
	t.Helper()
	p, err := project.Load(t.Context(), project.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := app.From(p, app.Options{Region: "eu-central-1"})
	return a, err
}
