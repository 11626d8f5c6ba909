package crash

import (
	"fmt"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// moving is a service whose deployments may move traffic.
const moving = `name: shop
services:
  web:
    image: nginx:%s
    ports: ["80:80"]
    healthcheck: {test: ["CMD", "true"]}
%s`

// rolloutPoints is how many crash points of rollouts a normal run has.
const rolloutPoints = 60

// TestRolloutCrashPoints kills runs that make a service with a rollout, deploy to it, give one
// to a service and take it away, and tear it down.
func TestRolloutCrashPoints(t *testing.T) {
	t.Parallel()
	file := func(version, rollout string) *app.App {
		if rollout != "" {
			rollout = "    x-berth: {rollout: " + rollout + "}\n"
		}
		return bed.App(t, fmt.Sprintf(moving, version, rollout))
	}
	const canary, linear = "{strategy: canary, percent: 10, every: 2m, bake: 1m, errors_percent: 5}", "{strategy: linear, percent: 50, every: 1m, bake: 1m, latency_ms: 900}"
	down := deploy.Request{Down: true, DeleteData: true}
	var all []prepared
	total := 0
	for _, s := range []story{
		{name: "a canary", app: file("1.28", canary)},
		{name: "a new version", before: file("1.28", canary), app: file("1.29", canary)},
		{name: "a rollout comes", before: file("1.28", ""), app: file("1.28", linear)},
		{name: "another strategy and version", before: file("1.28", linear), app: file("1.29", "blue_green")},
		{name: "down", before: file("1.28", canary), app: file("1.28", canary), req: down},
	} {
		s.secret = "one"
		p := prepare(t, s, 1)
		all = append(all, p)
		total += 2 * len(p.calls)
	}
	ran, beyond := crashAll(t, all, max(1, total/rolloutPoints))
	t.Logf("%d crash points ran, of %d (%d calls were not reached again)", ran, total, beyond)
	if ran < rolloutPoints/2 {
		t.Errorf("only %d crash points", ran)
	}
}
