package crash

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// neighbor is somebody else's project in the same account, with every type of
// resource, under the names that berth gives to a project called blog.
func neighbor(t *testing.T) *app.App {
	t.Helper()
	text := fmt.Sprintf(stack, "dns", "1.29", "", worker, "", "", 3)
	return bed.App(t, strings.NewReplacer("name: shop", "name: blog", "shop.example.com", "blog.example.com", "shop-pics", "blog-pics").Replace(text))
}

// besideNeighbor is a world in which the neighbor's project runs.
func besideNeighbor(t *testing.T, opt sandbox.Options) world {
	t.Helper()
	dir := t.TempDir()
	a := neighbor(t)
	var path string
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, opt)
		b.SetSecret(t, "blog-dev", "PW", "theirs")
		b.SetSecret(t, "shop-dev", "PW", "one")
		zoned(t, b.World)
		b.World.Owner().GiveBucket("blog-pics")
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		path = b.Save(t, dir)
	})
	return readWorld(t, path)
}

// with is the world after a first deployment of an app.
func (w world) with(t *testing.T, opt sandbox.Options, a *app.App) world {
	t.Helper()
	dir := t.TempDir()
	path := w.save(t, dir)
	synctest.Test(t, func(t *testing.T) {
		b := bed.Load(t, path, opt)
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		path = b.Save(t, dir)
	})
	return readWorld(t, path)
}

// step is a request of an app.
type step struct {
	name string
	app  *app.App
	req  deploy.Request
}

// must takes the step, or plans it if it is read-only, and checks that it
// touches none of the objects.
func (s step) must(t *testing.T, b *bed.Bed, theirs objects) {
	t.Helper()
	var err error
	if s.req.ReadOnly {
		var p *bed.Process
		if p, err = b.Start(t.Context(), s.app); err == nil {
			_, err = p.Plan(t.Context(), s.req)
		}
	} else {
		_, err = b.Run(t.Context(), s.app, s.req)
	}
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	time.Sleep(bed.Quiet)
	if touched := theirs.touched(t, b); len(touched) > 0 {
		t.Fatalf("%s touched what is not berth's: %q", s.name, touched)
	}
}

// world is a saved world as JSON.
type world map[string]any

func readWorld(t *testing.T, path string) world {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	w := world{}
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// save writes the world to a file that bed.Load reads.
func (w world) save(t *testing.T, dir string) string {
	t.Helper()
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	path := dir + "/changed.json"
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// objects are the rows of a world's tables by service, table and id.
type objects map[string]string

func (w world) objects() objects {
	out := objects{}
	w.eachRow(func(path string, rows map[string]any, id string) {
		b, _ := json.Marshal(rows[id]) // it was JSON
		out[path+"/"+id] = string(b)
	})
	return out
}

// eachRow calls f for every row of every table.
func (w world) eachRow(f func(path string, rows map[string]any, id string)) {
	tables := w.tables()
	for _, path := range slices.Sorted(maps.Keys(tables)) {
		rows := tables[path]
		for _, id := range slices.Sorted(maps.Keys(rows)) {
			f(path, rows, id)
		}
	}
}

func (w world) tables() map[string]map[string]any {
	out := map[string]map[string]any{}
	for service, part := range w["Parts"].(map[string]any) {
		tablesIn(service, part, out)
	}
	return out
}

func tablesIn(path string, v any, into map[string]map[string]any) {
	table, ok := v.(map[string]any)
	if !ok {
		return
	}
	if rows, ok := table["Rows"].(map[string]any); ok {
		into[path] = rows
		return
	}
	for name, x := range table {
		tablesIn(path+"/"+name, x, into)
	}
}

// passing are tables whose rows AWS forgets by itself or that several projects
// share, and objects that are the project's own from the beginning.
var passing = []string{"Route 53/Changes/", "Route 53/Zones/", "ServiceDiscovery/Operations/", "ECS/Tasks/", "SSM/Parameters//berth/shop-dev/"}

// standing returns the objects that stay unchanged as long as nobody touches
// them.
func (o objects) standing() objects {
	kept := objects{}
	for name, row := range o {
		if !slices.ContainsFunc(passing, func(p string) bool { return strings.HasPrefix(name, p) }) && strings.Contains(row, notDeleted) {
			kept[name] = row
		}
	}
	return kept
}

// notDeleted is in the row of an object that has not been deleted.
const notDeleted = `"Deleted":"0001-01-01T00:00:00Z"`

// touched returns the objects that differ in a bed.
func (o objects) touched(t *testing.T, b *bed.Bed) []string {
	t.Helper()
	now := readWorld(t, b.Save(t, t.TempDir())).objects()
	var out []string
	for _, name := range slices.Sorted(maps.Keys(o)) {
		switch {
		case now[name] == o[name]:
		case !strings.Contains(now[name], notDeleted):
			out = append(out, name+" is gone")
		default:
			out = append(out, fmt.Sprintf("%s is\n    %s\n    and was\n    %s", name, now[name], o[name]))
		}
	}
	return out
}

// marks are the tags of an object that make it berth's.
type marks struct{ owner, address, asked string }

// remark passes every mark in a world to f and replaces it by f's result; a
// zero result removes the tags.
func (w world) remark(f func(marks) marks) {
	for _, part := range w["Parts"].(map[string]any) {
		remark(part, f)
	}
}

func remark(v any, f func(marks) marks) any {
	switch v := v.(type) {
	case map[string]any:
		if owner, ok := v["berth:owner"].(string); ok {
			address, _ := v["berth:address"].(string)
			asked, _ := v["berth:asked"].(string)
			to := f(marks{owner, address, asked})
			v["berth:owner"], v["berth:address"], v["berth:asked"] = to.owner, to.address, to.asked
			if to == (marks{}) {
				delete(v, "berth:owner")
				delete(v, "berth:address")
				delete(v, "berth:asked")
			}
		}
		for k, x := range v {
			v[k] = remark(x, f)
		}
	case []any:
		return remarkList(v, f)
	case string:
		words := strings.Fields(v)
		if len(words) < 3 || words[0] != "berth" || !strings.Contains(words[1], "/") {
			return v
		}
		to := f(marks{words[1], words[2], strings.Join(words[3:], "")})
		if to == (marks{}) {
			return "somebody's"
		}
		return strings.TrimSpace(strings.Join([]string{"berth", to.owner, to.address, to.asked}, " "))
	}
	return v
}

// remarkList does the same for a list, which may be a list of tags.
func remarkList(list []any, f func(marks) marks) any {
	var have marks
	for _, x := range list {
		if tag, ok := x.(map[string]any); ok {
			switch tag["Key"] {
			case "berth:owner":
				have.owner, _ = tag["Value"].(string)
			case "berth:address":
				have.address, _ = tag["Value"].(string)
			case "berth:asked":
				have.asked, _ = tag["Value"].(string)
			}
		}
	}
	if have.owner == "" {
		for i, x := range list {
			list[i] = remark(x, f)
		}
		return list
	}
	to := f(have)
	var kept []any
	for _, x := range list {
		tag := x.(map[string]any)
		key, _ := tag["Key"].(string)
		switch {
		case to == (marks{}) && strings.HasPrefix(key, "berth:"):
			continue
		case key == "berth:owner":
			tag["Value"] = to.owner
		case key == "berth:address":
			tag["Value"] = to.address
		case key == "berth:asked":
			tag["Value"] = to.asked
		}
		kept = append(kept, x)
	}
	return kept
}
