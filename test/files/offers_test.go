package files

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/test/bed"
)

// corpus are the folders of Compose files in the repository.
var corpus = []string{"../../internal/app/testdata", "../../internal/blueprint/testdata/cases", "../../internal/blueprint/testdata/samples"}

// TestOffers applies the lines that berth offers to each file of the repository
// for which it offers any, as a user would, and deploys the result: nothing of it
// may be refused that was not refused for another reason before.
func TestOffers(t *testing.T) {
	t.Parallel()
	offered, deployed := 0, 0
	t.Run("each", func(t *testing.T) {
		for _, parent := range corpus {
			dirs, err := filepath.Glob(parent + "/*/*compose.y*ml")
			if err != nil || len(dirs) == 0 {
				t.Fatalf("no Compose files in %s: %v", parent, err)
			}
			for _, file := range dirs {
				dir := copyOf(t, filepath.Dir(file))
				_, _, before := read(t, dir)
				if before == nil || before.Offer.Lines == "" {
					continue
				}
				offered++
				paste(t, dir, before.Offer)
				a, _, after := read(t, dir)
				if after != nil {
					onlyOthers(t, file, before, after)
					continue
				}
				deployed++
				t.Run(filepath.Base(parent)+"/"+filepath.Base(filepath.Dir(file)), func(t *testing.T) {
					t.Parallel()
					if err := bed.Life(t, a); err != nil {
						t.Error(err)
					}
				})
			}
		}
	})
	t.Logf("%d files have an offer, %d of them are deployed with it", offered, deployed)
	if offered < 5 || deployed < 4 {
		t.Errorf("%d files have an offer, %d of them are deployed with it; want 5 and 4", offered, deployed)
	}
}

// onlyOthers fails if a file is refused, with what was offered, for something
// that was not refused before.
func onlyOthers(t *testing.T, file string, before, after *app.Problems) {
	t.Helper()
	known := map[string]bool{}
	for _, p := range before.List {
		known[p.What] = true
	}
	for _, p := range after.List {
		if !known[p.What] {
			t.Errorf("%s: with\n%s%s", file, before.Offer.Lines, p)
		}
	}
}

// copyOf is a copy of a folder that the test may write to.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(out, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return out
}

// paste writes the offered lines into the file that the offer names.
func paste(t *testing.T, dir string, o project.Offer) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, o.File), []byte(o.Lines), 0o600); err != nil {
		t.Fatal(err)
	}
}

// read reads a project. The problems are nil if there are none.
func read(t *testing.T, dir string) (*app.App, []app.Notice, *app.Problems) {
	t.Helper()
	return readProject(t, project.Options{Dir: dir, Env: []string{}})
}

func readProject(t *testing.T, o project.Options) (*app.App, []app.Notice, *app.Problems) {
	t.Helper()
	p, err := project.Load(t.Context(), o)
	var a *app.App
	var notices []app.Notice
	if err == nil {
		a, notices, err = app.From(p, app.Options{Region: "eu-central-1"})
	}
	var problems *app.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	if a != nil {
		a.Source.Remote, a.Source.Path = "https://example.com/files.git", "compose.yaml"
	}
	return a, notices, problems
}
