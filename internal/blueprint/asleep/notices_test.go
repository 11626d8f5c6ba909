package asleep_test

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/blueprint/asleep"
)

// TestNotices: what is stopped, and each thing that goes on, with the reason where it is not
// plain.
func TestNotices(t *testing.T) {
	t.Parallel()
	a := &app.App{
		Databases: []app.Database{
			{Name: "db", Kind: app.KindPostgres, Stops: &scaling.Stops{}}, {Name: "short", Kind: app.KindMySQL}, {Name: "cache", Kind: app.KindValkey},
		},
		Services: []app.Service{{Workload: app.Workload{Name: "agent"}, Global: true}},
	}
	if got := asleep.Notices(a); len(got) > 0 {
		t.Errorf("an environment that does not sleep: %v", got)
	}
	a.Settings.Sleep.Value, a.Settings.NAT.Value = "daily 22:00-06:00", app.NATNone
	var said []string
	for _, n := range asleep.Notices(a) {
		said = append(said, n.Text)
	}
	const want = "x-berth.sleep ends the tasks of services and stops databases (db); these go on and cost: the disk and the backups of db, " +
		"database short, because the sleep is shorter than 2 hours, cache cache, which AWS cannot stop, agent, which runs on each instance"
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
