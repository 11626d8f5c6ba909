package bench

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestBenchManyServices brings 300 services up at once. The limit is AWS's rate of
// RegisterTaskDefinition: a burst of 20, then one a second
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html).
// After the last registration its service has to start.
func TestBenchManyServices(t *testing.T) {
	t.Parallel()
	const (
		services = 300
		burst    = 20
		perTask  = time.Second
		allowed  = 1.10
	)
	a := manyServices(t, services)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true, Quotas: plenty(services)})
		f := must(t)(b.Up(t.Context(), a))
		start := sandbox.TaskPlaced.In(sandbox.Typical) + sandbox.TaskPulled.In(sandbox.Typical) + healthCheck
		floor := (services-burst)*perTask + start
		throttled := 0
		for _, c := range f.Record {
			if c.Code == "ThrottlingException" || c.Code == "RequestLimitExceeded" || c.Code == "Throttling" {
				throttled++
			}
		}
		t.Logf("%d services: %.0f s, floor %.0f s, share %.3f, %d calls, %d throttled", services, f.Took.Seconds(), floor.Seconds(),
			f.Took.Seconds()/floor.Seconds(), f.Calls, throttled)
		if f.Took.Seconds() > allowed*floor.Seconds() {
			t.Errorf("took %v, at most %v times %v", f.Took, allowed, floor)
		}
		time.Sleep(time.Minute)
		again := must(t)(b.Up(t.Context(), a))
		if again.Changing > 0 {
			t.Errorf("the second up changes something: %d calls", again.Changing)
		}
	})
}

// healthCheck is the time from a container's start to its first healthy check.
const healthCheck = 5 * time.Second
