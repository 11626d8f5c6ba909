package bench

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// firstDatabase adds that tasks start only when their database can be used. RDS
// cannot begin before its service-linked role works.
func firstDatabase() []chain {
	return append(firstPublic(), chain{
		wait(sandbox.LinkedRoleReady), wait(sandbox.DatabaseCreated), wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced),
		wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
	})
}

// TestBenchDatabase brings up a service with a managed Postgres in the time of
// the longest chain. A second up changes nothing; a project without databases
// makes no call for them.
func TestBenchDatabase(t *testing.T) {
	t.Parallel()
	const web = `name: shop
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`
	a := bed.App(t, web+`    environment: {DATABASE_HOST: db}
  db:
    image: postgres:16
    x-berth: {managed: true}
`)
	without := bed.App(t, web)
	for _, p := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
		for _, seed := range seeds {
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, world(p, seed))
				took := must(t)(b.Up(t.Context(), a)).Took
				c, lasts := longest(p, firstDatabase())
				t.Logf("first up with Postgres %-7s seed %d: %7.2f s, chain %6.2f s, share %s",
					p, seed, took.Seconds(), lasts.Seconds(), share(took, lasts))
				if took.Seconds() > slack*lasts.Seconds() {
					t.Errorf("%s, seed %d: %v, more than %v times the longest chain, %v: %s", p, seed, took, slack, lasts, c)
				}
				time.Sleep(10 * time.Minute)
				again := must(t)(b.Up(t.Context(), a))
				if again.Changing > 0 || again.Calls > 30+8 {
					t.Errorf("a second up: %d calls, %d of them change something", again.Calls, again.Changing)
				}
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, world(sandbox.Typical, 1))
		must(t)(b.Up(t.Context(), without))
		time.Sleep(time.Minute)
		for _, call := range must(t)(b.Up(t.Context(), without)).Record {
			if call.Service == "RDS" || call.Service == "ElastiCache" || call.Service == "SSM" {
				t.Errorf("without databases: %s %s", call.Service, call.Operation)
			}
		}
	})
}
