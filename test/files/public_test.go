package files

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/test/bed"
)

var update = flag.Bool("update", false, "write the results into public.txt")

// fetched is the folder into which `make public-files` fetches.
const fetched = "../../.public"

// TestPublicList keeps the list readable for the test, for the page that is made of
// it, and for `make public-files`.
func TestPublicList(t *testing.T) {
	t.Parallel()
	text, l := publicList(t)
	if diff := cmp.Diff(text, l.String()); diff != "" {
		t.Errorf("the list is read as another text:\n%s", diff)
	}
	if len(l.Files) < 40 {
		t.Errorf("the list has %d files, want 40", len(l.Files))
	}
}

// TestPublic lives through each Compose file of public.txt as a person would:
// variables that its instructions ask for, the overlay that berth offers pasted
// once, a value for each secret, then bed.Life. What it needed and the number of
// notices must be as in the list; with -update they are written to it.
func TestPublic(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(fetched); errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: the public Compose files are not here; `make test-public` fetches and tests them")
	}
	_, l := publicList(t)
	want := slices.Clone(l.Files)
	t.Run("each", func(t *testing.T) {
		for i := range l.Files {
			f := &l.Files[i]
			t.Run(f.Repository, func(t *testing.T) {
				t.Parallel()
				f.try(t)
			})
		}
	})
	if t.Failed() {
		return
	}
	if *update {
		l.Tried = time.Now().UTC().Format(time.DateOnly)
		if err := os.WriteFile("public.txt", []byte(l.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, l.Files); diff != "" {
		t.Errorf("public.txt has other results; `make test-public UPDATE=-update` writes them:\n%s", diff)
	}
}

func publicList(t *testing.T) (string, PublicList) {
	t.Helper()
	data, err := os.ReadFile("public.txt")
	if err != nil {
		t.Fatal(err)
	}
	l, err := ParsePublic(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return string(data), l
}

// try runs a file in a copy of what was fetched, and sets its results.
func (f *PublicFile) try(t *testing.T) {
	t.Helper()
	root := filepath.Join(t.TempDir(), path.Base(f.Repository))
	if err := os.CopyFS(root, os.DirFS(filepath.Join(fetched, f.Repository, f.Commit))); err != nil {
		t.Fatal(err)
	}
	f.writeVariables(t, root)
	var needs []string
	if len(f.Variables) > 0 {
		needs = append(needs, "env")
	}
	a, notices, problems := f.read(t, root)
	if problems != nil && problems.Offer.Lines != "" {
		needs = append(needs, "overlay")
		paste(t, filepath.Join(root, path.Dir(f.Path)), problems.Offer)
		a, notices, problems = f.read(t, root)
	}
	if problems != nil {
		f.Needs, f.Notices = Refused, 0
		t.Logf("refused: %v", problems)
		return
	}
	var secrets []string
	for _, n := range a.Needs() {
		if !n.Optional && !app.Existing(n.From) {
			secrets = append(secrets, n.From)
		}
	}
	if len(secrets) > 0 {
		needs = append(needs, "secrets")
	}
	_, more := a.Decide(func(name string) bool { return slices.Contains(secrets, name) })
	if err := bed.Life(t, a); err != nil {
		t.Error(err)
	}
	f.Needs, f.Notices = "nothing", len(project.SortNotices(append(notices, more...)))
	if len(needs) > 0 {
		f.Needs = strings.Join(needs, ",")
	}
}

// writeVariables writes the files of variables.
func (f *PublicFile) writeVariables(t *testing.T, root string) {
	t.Helper()
	texts := map[string]string{}
	for _, v := range f.Variables {
		texts[v.File] += v.Line + "\n"
	}
	for file, text := range texts {
		if err := os.WriteFile(filepath.Join(root, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// read reads the project in the file's folder: by its name only if it has none of
// the names that berth looks for.
func (f *PublicFile) read(t *testing.T, root string) (*app.App, []app.Notice, *app.Problems) {
	t.Helper()
	o := project.Options{Dir: filepath.Join(root, path.Dir(f.Path)), Env: []string{}}
	if name := path.Base(f.Path); !slices.Contains(cli.DefaultFileNames, name) {
		o.Files = []string{name}
	}
	return readProject(t, o)
}
