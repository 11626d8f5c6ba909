package bench

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// firstVolume adds that tasks start only when every zone has a mount target
// whose name they resolve, 90 s after AWS calls it available:
// https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
func firstVolume() []chain {
	return append(firstPublic(), chain{
		wait(sandbox.FileSystemAvailable), wait(sandbox.MountTargetAvailable), wait(sandbox.MountTargetResolves),
		wait(sandbox.ServiceScheduler), wait(sandbox.TaskPlaced), wait(sandbox.TaskPulled), fixed("health checks", healthChecks),
	})
}

// TestBenchVolume brings up a service with a volume: in the time of the longest
// chain, mount targets included, and within what the plan said. A second up
// changes nothing and reads the volumes in five calls.
func TestBenchVolume(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    volumes: ["data:/data"]
volumes: {data: {}}
`)
	for _, p := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
		for _, seed := range seeds {
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, world(p, seed))
				took := must(t)(b.Up(t.Context(), a)).Took
				c, lasts := longest(p, firstVolume())
				t.Logf("first up with a volume %-7s seed %d: %7.2f s, chain %6.2f s, share %s",
					p, seed, took.Seconds(), lasts.Seconds(), share(took, lasts))
				if took.Seconds() > slack*lasts.Seconds() {
					t.Errorf("%s, seed %d: %v, more than %v times the longest chain, %v: %s", p, seed, took, slack, lasts, c)
				}
				time.Sleep(time.Minute)
				again := must(t)(b.Up(t.Context(), a))
				if again.Changing > 0 || again.Calls > 30+5 {
					t.Errorf("a second up: %d calls, %d of them change something", again.Calls, again.Changing)
				}
			})
		}
	}
}
