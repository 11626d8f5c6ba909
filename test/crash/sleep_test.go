package crash

import (
	"fmt"
	"slices"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// sleeping is a project with a database, which may sleep, and a job that needs it. The worlds
// of stories begin at midnight.
const sleeping = `name: shop
%[1]s
services:
  web:
    image: nginx:1.29
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate:
    image: example/migrate:%[2]s
    restart: "no"
    depends_on: [db]
  db:
    image: postgres:16
    x-berth: {managed: {kind: postgres, backup_days: %[3]d}}
`

// sleepPoints is how many crash points of sleeping databases a normal run has.
const sleepPoints = 60

// TestSleepCrashPoints kills runs that let a database sleep, change it while it does, start
// it for a job, let it run again and tear it down.
func TestSleepCrashPoints(t *testing.T) {
	t.Parallel()
	const asleep, awake = "x-berth: {sleep: daily 0:02-12:00}", ""
	file := func(sleep, version string, days int) *app.App {
		return bed.App(t, fmt.Sprintf(sleeping, sleep, version, days))
	}
	var all []prepared
	total := 0
	for _, s := range []struct {
		story
		// starts says that the run must start the database.
		starts bool
	}{
		{story{name: "a sleep comes", before: file(awake, "1", 1), app: file(asleep, "1", 1)}, false},
		{story{name: "a change", before: file(asleep, "1", 1), app: file(asleep, "1", 3)}, true},
		{story{name: "a job", before: file(asleep, "1", 1), app: file(asleep, "2", 1)}, true},
		{story{name: "a sleep goes", before: file(asleep, "1", 1), app: file(awake, "1", 2)}, true},
		{story{name: "down", before: file(asleep, "1", 1), app: file(asleep, "1", 1), req: deploy.Request{Down: true, DeleteData: true}}, false},
		{story{name: "down, data stays", before: file(asleep, "1", 1), app: file(asleep, "1", 1), req: deploy.Request{Down: true}}, false},
	} {
		s.secret = "one"
		p := prepare(t, s.story, 1)
		if slices.ContainsFunc(p.calls, func(c sandbox.Call) bool { return c.Operation == "StartDBInstance" }) != s.starts {
			t.Errorf("%s: the run starts the database: %v, want %v", s.name, !s.starts, s.starts)
		}
		all = append(all, p)
		total += 2 * len(p.calls)
	}
	ran, beyond := crashAll(t, all, max(1, total/sleepPoints))
	t.Logf("%d crash points ran, of %d (%d calls were not reached again)", ran, total, beyond)
	if ran < sleepPoints/2 {
		t.Errorf("only %d crash points", ran)
	}
}
