package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestRandomWalks takes random walks beside somebody else's project: up, a
// change, down, some of them killed at a call, while other people's objects get
// the project's tags and lose them again, and unmarked objects exist as well.
// The runs must touch none of these and lose no data. BERTH_WALKS is the number
// of walks; a walk can be repeated by its number.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	walks := 20
	if n, err := strconv.Atoi(os.Getenv("BERTH_WALKS")); err == nil {
		walks = n
	}
	first, changed := project(t, "dns")
	apps := map[string]*app.App{"first": first, "changed": changed, "bare": bed.App(t, bare)}
	opt := options(1)
	alone := besideNeighbor(t, opt)
	both := alone.with(t, opt, first)
	copied, theirIDs := both.ours(), alone.ids()
	for walk := range uint64(walks) { //nolint:gosec // a small number
		t.Run(fmt.Sprint("walk ", walk), func(t *testing.T) {
			t.Parallel()
			w := both.clone(t)
			path := w.save(t, t.TempDir())
			synctest.Test(t, func(t *testing.T) {
				r := &walker{random: rand.New(rand.NewPCG(walk, 7)), opt: opt, alone: alone, copied: copied, ids: theirIDs} //nolint:gosec // a repeatable walk
				r.bed = bed.Load(t, path, opt)
				want := data(t, r.bed)
				for range steps {
					r.plant(t, true)
					r.wander(t, apps)
				}
				r.up(t, first)
				if got := data(t, r.bed); got != want {
					t.Errorf("%s: the data is\n%s\nand was\n%s", r.said(), got, want)
				}
			})
		})
	}
}

// walker is the state of one walk.
type walker struct {
	random *rand.Rand
	opt    sandbox.Options
	bed    *bed.Bed
	// alone is the neighbor's world, ids its objects, copied the marks that
	// they would have if their tags were copied from the project's own.
	alone  world
	ids    map[string]bool
	copied func(marks) marks
	theirs objects
	way    []string
}

func (r *walker) said() string { return strings.Join(r.way, ", ") }

// plant gives each of the neighbor's objects its own mark or none; with copies,
// some get the project's.
func (r *walker) plant(t *testing.T, copies bool) {
	t.Helper()
	dir := t.TempDir()
	w := readWorld(t, r.bed.Save(t, dir))
	share := r.random.IntN(10)
	original := r.alone.clone(t)
	tables := w.tables()
	original.eachRow(func(path string, rows map[string]any, id string) {
		if !r.ids[id] {
			return
		}
		what := r.random.IntN(10)
		into := tables[path]
		if into == nil || into[id] == nil {
			return
		}
		into[id] = remark(rows[id], func(m marks) marks {
			switch {
			case copies && what < share && path != immutable:
				return r.copied(m)
			case what == 9:
				return marks{}
			}
			return m
		})
	})
	r.theirs = w.objects().standing().of(r.ids)
	r.bed = bed.Load(t, w.save(t, dir), r.opt)
}

// immutable is the table whose objects carry their mark in a description that
// nobody can change: copying cannot put a mark there.
const immutable = "RDS/Parameters"

// wander does a random run, which may die at some call.
func (r *walker) wander(t *testing.T, apps map[string]*app.App) {
	t.Helper()
	name := []string{"first", "changed", "bare"}[r.random.IntN(3)]
	req := deploy.Request{Down: r.random.IntN(3) == 0, RemoveOrphans: true}
	kind, at := []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter}[r.random.IntN(2)], r.random.IntN(900)
	begin, died := len(r.bed.World.Calls()), ""
	r.bed.World.Inject(func(c sandbox.Call) sandbox.Fault {
		if c.Index == begin+at {
			died = fmt.Sprintf(" killed %s call %d, %s %s", modes[kind], at, c.Service, c.Operation)
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	_, err := r.bed.Run(t.Context(), apps[name], req)
	r.bed.World.Inject(nil)
	r.bed.World.Revive()
	r.way = append(r.way, fmt.Sprintf("%s %s%s", map[bool]string{true: "down", false: "up"}[req.Down], name, died))
	var unclear *engine.UnclearError
	if err != nil && died == "" && !errors.As(err, &unclear) {
		t.Errorf("%s: %v", r.said(), err)
	}
	r.look(t)
}

// look waits until everything has ended and checks the neighbor's objects.
func (r *walker) look(t *testing.T) {
	t.Helper()
	time.Sleep(bed.Quiet)
	if touched := r.theirs.touched(t, r.bed); len(touched) > 0 {
		t.Fatalf("%s: touched what is not berth's: %q", r.said(), touched)
	}
}

// up brings the project up at the end. If it is not clear which of two objects
// is berth's, it removes the copied tags, as a person would.
func (r *walker) up(t *testing.T, a *app.App) {
	t.Helper()
	req := deploy.Request{RemoveOrphans: true}
	_, err := r.bed.Run(t.Context(), a, req)
	var unclear *engine.UnclearError
	if errors.As(err, &unclear) {
		r.plant(t, false)
		_, err = r.bed.Run(t.Context(), a, req)
	}
	if err != nil {
		t.Fatalf("%s: the last up: %v", r.said(), err)
	}
	r.look(t)
}
