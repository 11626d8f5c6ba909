package blueprint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/project"
)

var update = flag.Bool("update", false, "write the golden files anew")

// plan is the result for a folder with Compose files.
type plan struct{ graph, notices, listeners string }

// planOf reads the Compose files of a folder and builds their graph. Problems are part
// of the notices, so that the golden files have refusals, too.
func planOf(t *testing.T, dir, environment string) plan {
	t.Helper()
	var out plan
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Environment: environment})
	if err != nil {
		return plan{notices: "refused: " + err.Error() + "\n"}
	}
	a, notices, err := app.From(p, app.Options{})
	if err == nil {
		_, decided := Decide(a, facts())
		notices = project.SortNotices(append(append(notices, Notices(a)...), decided...))
	}
	for _, n := range notices {
		out.notices += n.String() + "\n"
	}
	if err != nil {
		out.notices += "refused: " + err.Error() + "\n"
		return out
	}
	for _, l := range a.Placeholders {
		out.notices += fmt.Sprintf("%s: %s: comes with %s\n", l.Where, l.What, l.Comes)
	}
	for _, n := range Missing(a, facts()) {
		out.notices += fmt.Sprintf("%s: secret %s is not set; used by %s\n", n.Where, n.From, strings.Join(n.Users, ", "))
	}
	f := facts()
	f.Names = hostFacts(a)
	f.Existing.Providers = map[string]existing.Provider{"managed-big": {Managed: true}}
	g, err := Build(a, f)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	out.graph = Text(g)
	out.listeners = listenersText(OutputsOf(a, f, g))
	return out
}

// listenersText renders where each port leads.
func listenersText(o Outputs) string {
	var lines []string
	for _, e := range o.Endpoints {
		where, host := "", ""
		if e.Internal {
			where = "internal "
		}
		if e.Host != "" && e.Protocol != Direct {
			host = " " + e.Host
		}
		lines = append(lines, fmt.Sprintf("%s%s %d%s -> %s:%d\n", where, e.Protocol, e.Port, host, e.Service, e.Container))
	}
	return strings.Join(slices.Compact(lines), "") // hosts that lead to tasks share a port
}

// hostFacts are the facts of an account that has the zone example.com, and
// shop.example.com below it.
func hostFacts(a *app.App) HostFacts {
	f := HostFacts{Zones: map[string]Zone{}}
	for _, h := range a.HostNames() {
		switch {
		case a.Settings.DNSProvider.Value == app.DNSNone:
		case strings.HasSuffix("."+h, ".shop.example.com"):
			f.Zones[h] = Zone{Provider: app.DNSRoute53, ID: "Z2", Name: "shop.example.com"}
		case strings.HasSuffix("."+h, ".example.com"):
			f.Zones[h] = Zone{Provider: app.DNSRoute53, ID: "Z1", Name: "example.com"}
		case a.Settings.DNSAutoCreate.Value:
			f.Zones[h] = Zone{Provider: a.Settings.DNSProvider.Value, Name: "example.net", Made: true}
		}
	}
	return f
}

func (p plan) compare(t *testing.T, dir string) {
	t.Helper()
	golden(t, filepath.Join(dir, "want.graph.txt"), p.graph)
	golden(t, filepath.Join(dir, "want.notices.txt"), p.notices)
	golden(t, filepath.Join(dir, "want.listeners.txt"), p.listeners)
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: go test ./internal/blueprint -update writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func folders(t *testing.T, parent string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(parent, "*", "compose.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no folders in %s: %v", parent, err)
	}
	for i, f := range files {
		files[i] = filepath.Dir(f)
	}
	return files
}

func TestCases(t *testing.T) {
	t.Parallel()
	for _, dir := range folders(t, "testdata/cases") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			planOf(t, dir, "").compare(t, dir)
		})
	}
}

func TestTheShop(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"dev", "prod"} {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			planOf(t, "../../examples/shop", environment).compare(t, "testdata/shop/"+environment)
		})
	}
}

// The samples are Compose files that others wrote: see their LICENSE.
func TestSamples(t *testing.T) {
	t.Parallel()
	dirs := folders(t, "testdata/samples")
	whole := make([]bool, len(dirs))
	t.Run("each", func(t *testing.T) {
		for i, dir := range dirs {
			t.Run(filepath.Base(dir), func(t *testing.T) {
				t.Parallel()
				p := planOf(t, dir, "")
				whole[i] = p.graph != ""
				p.compare(t, dir)
			})
		}
	})
	n := 0
	for _, ok := range whole {
		if ok {
			n++
		}
	}
	t.Logf("%d of %d samples give a whole graph", n, len(dirs))
	if n < 35 {
		t.Errorf("%d of %d samples give a whole graph; want 35", n, len(dirs))
	}
}
