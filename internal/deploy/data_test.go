package deploy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/test/bed"
)

const withData = `
name: pair
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
  db:
    image: postgres:16
    environment: {POSTGRES_DB: NAME}
    x-berth: {managed: {kind: postgres}}
  cache:
    image: valkey/valkey:8
    x-berth: {managed: true}
`

// What becomes of a database, whatever its state: it is copied, or it stays, or
// its deletion was asked for. The plan says which, and only what is there is
// told as left.
func TestDownNeverLosesADatabase(t *testing.T) {
	t.Parallel()
	first := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	other := bed.App(t, strings.ReplaceAll(withData, "NAME", "other"))
	without := bed.App(t, alone)
	const never = "in which AWS takes no final snapshot"
	states := []struct {
		status string
		copied bool // whether AWS takes a final snapshot
		why    string
	}{
		{"available", true, "a final snapshot keeps its data"},
		{"stopped", true, "a final snapshot keeps its data"},
		{"failed", false, never},
		{"incompatible-network", false, never},
		{"incompatible-restore", false, never},
		{"restore-error", false, never},
		{"storage-full", false, "if AWS takes none while the database is storage-full, the database stays"},
		{"incompatible-parameters", false, "if AWS takes none"},
		{"incompatible-option-group", false, "if AWS takes none"},
	}
	ways := []struct {
		name string
		app  *app.App
		req  deploy.Request
		// deletes says that the way deletes databases.
		deletes bool
	}{
		{"down", first, deploy.Request{Down: true}, true},
		{"down --delete-data", first, deploy.Request{Down: true, DeleteData: true}, true},
		{"taken out of the file", without, deploy.Request{}, true},
		{"replacement", other, deploy.Request{}, false},
	}
	for _, st := range states {
		for _, way := range ways {
			t.Run(st.status+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				inSandbox(t, func(t *testing.T, b *bed.Bed) {
					mustRun(t, b, first, deploy.Request{})
					name := databaseOf(t, b)
					if err := b.World.SetDatabaseStatus(name, st.status); err != nil {
						t.Fatal(err)
					}
					p, err := b.Start(t.Context(), way.app)
					if err != nil {
						t.Fatal(err)
					}
					prepared, _, err := p.Do(t.Context(), way.req)
					if prepared == nil {
						t.Fatal(err)
					}
					there := slices.ContainsFunc(b.World.Leftovers(), func(s string) bool { return strings.HasPrefix(s, "rds.instance ") })
					copied := slices.ContainsFunc(b.World.Leftovers(), func(s string) bool { return strings.HasPrefix(s, "rds.snapshot ") })
					if way.req.DeleteData {
						if there || copied || err != nil {
							t.Errorf("deleted with its data: there %v, copied %v, error %v", there, copied, err)
						}
						return
					}
					if there == copied {
						t.Errorf("there %v, copied %v: it is to be one of them; error %v", there, copied, err)
					}
					if copied != (st.copied && way.deletes) {
						t.Errorf("copied: %v", copied)
					}
					if why := reasonsOf(prepared.Plan, "rds.instance"); way.deletes && !strings.Contains(why, st.why) {
						t.Errorf("the plan says %q, want %q", why, st.why)
					}
					left, err := prepared.Copies(t.Context())
					if err != nil || copied != slices.ContainsFunc(left, func(l engine.Object) bool { return strings.Contains(l.Detail, name) }) {
						t.Errorf("copied is %v, told as left: %+v, %v", copied, left, err)
					}
				})
			})
		}
	}
}

// The database in which there is no copy to be had is reported with what to do.
func TestADatabaseThatCannotBeCopiedIsToldWithTheRemedy(t *testing.T) {
	t.Parallel()
	a := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		if err := b.World.SetDatabaseStatus(databaseOf(t, b), "storage-full"); err != nil {
			t.Fatal(err)
		}
		_, err := b.Run(t.Context(), a, deploy.Request{Down: true})
		var remedy interface{ Remedy() string }
		if !errors.As(err, &remedy) || !strings.Contains(remedy.Remedy(), "--delete-data") {
			t.Errorf("error %v, want one with a remedy", err)
		}
	})
}

// TestPlanAndDownSayTheSame: whatever the state of the databases, and as soon
// after they were made as later, `plan --down` says what `down` does.
func TestPlanAndDownSayTheSame(t *testing.T) {
	t.Parallel()
	a := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	for _, status := range []string{"failed", "stopped", "storage-full", "available"} {
		for _, data := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/delete data %v", status, data), func(t *testing.T) {
				t.Parallel()
				inSandbox(t, func(t *testing.T, b *bed.Bed) {
					mustRun(t, b, a, deploy.Request{})
					if err := b.World.SetDatabaseStatus(databaseOf(t, b), status); err != nil {
						t.Fatal(err)
					}
					req := deploy.Request{Down: true, DeleteData: data}
					var said []string
					for _, readOnly := range []bool{true, false, true} {
						p, err := b.Start(t.Context(), a)
						if err != nil {
							t.Fatal(err)
						}
						req.ReadOnly = readOnly
						prepared, err := p.Plan(t.Context(), req)
						if err != nil {
							t.Fatal(err)
						}
						said = append(said, reasonsOf(prepared.Plan, "rds.instance")+"\n"+plantext.Plan(prepared.Plan))
						time.Sleep(time.Hour) // whatever AWS was still at is done
					}
					if said[1] != said[0] || said[2] != said[0] {
						t.Errorf("the plan:\n%s\ndown, an hour later:\n%s\nthe plan again:\n%s", said[0], said[1], said[2])
					}
				})
			})
		}
	}
}

// A cache whose creation failed has no data; one in any other state is copied.
func TestDownNeverLosesACache(t *testing.T) {
	t.Parallel()
	a := bed.App(t, strings.ReplaceAll(withData, "NAME", "shop"))
	for _, tt := range []struct {
		status, why string
		copied      bool
	}{
		{"available", "a final snapshot keeps its data", true},
		{"create-failed", "it was never created and holds no data", false},
	} {
		t.Run(tt.status, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, a, deploy.Request{})
				if err := b.World.SetCacheStatus(nameOf(t, b, "elasticache.replication-group "), tt.status); err != nil {
					t.Fatal(err)
				}
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				prepared, _, err := p.Do(t.Context(), deploy.Request{Down: true})
				if err != nil {
					t.Fatal(err)
				}
				if why := reasonsOf(prepared.Plan, "elasticache.replication-group"); !strings.Contains(why, tt.why) {
					t.Errorf("the plan says %q, want %q", why, tt.why)
				}
				left, err := prepared.Copies(t.Context())
				told := slices.ContainsFunc(left, func(l engine.Object) bool { return strings.Contains(l.Detail, "cache-") })
				if err != nil || told != tt.copied {
					t.Errorf("told as left: %+v, %v", left, err)
				}
			})
		})
	}
}

func databaseOf(t *testing.T, b *bed.Bed) string {
	t.Helper()
	return nameOf(t, b, "rds.instance ")
}

// nameOf is the name of the one object of a kind in the world.
func nameOf(t *testing.T, b *bed.Bed, kind string) string {
	t.Helper()
	for _, s := range b.World.Leftovers() {
		if rest, ok := strings.CutPrefix(s, kind); ok {
			name, _, _ := strings.Cut(rest, " ")
			return name
		}
	}
	t.Fatalf("there is no %s: %v", kind, b.World.Leftovers())
	return ""
}

// reasonsOf are the reasons of a plan's actions of a type.
func reasonsOf(p *engine.Plan, typ string) string {
	var whys []string
	for _, a := range p.Actions {
		for _, r := range a.Reasons {
			if a.Type == typ {
				whys = append(whys, r.String())
			}
		}
	}
	return strings.Join(whys, "; ")
}
