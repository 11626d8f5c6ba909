package bench

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// atOnce is a world in which everything takes almost no time, so that only the
// calls that follow one another take time.
func atOnce() sandbox.Options {
	durations := map[sandbox.Step]time.Duration{}
	for step := range sandbox.Durations() {
		durations[step] = time.Millisecond
	}
	return sandbox.Options{Seed: 1, Latency: perCall, Durations: durations}
}

// trips is how many calls followed one another. All polls while AWS starts or
// stops the tasks of a service count as one: that is AWS's time.
func trips(record []sandbox.Call) int {
	first, last := len(record), -1
	for i, c := range record {
		switch c.Operation {
		case "CreateService", "DeleteService":
			if c.Service == "ECS" {
				first = i
			}
		case "DescribeServices":
			last = i
		}
	}
	n := 0
	var until time.Time
	for i, c := range record {
		if i > first && i < last || c.At.Before(until) {
			continue
		}
		n++
		until = c.At.Add(perCall)
	}
	return n
}

// TestBenchRoundTrips counts the calls that follow one another, in a world in
// which everything else is done at once.
func TestBenchRoundTrips(t *testing.T) {
	t.Parallel()
	const firstUp, nothing, down = 18, 5, 18
	a := oneService(t, "{tasks: public, nat: none}", "nginx:1.29")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, atOnce())
		// Only the state bucket exists.
		must(t)(b.Up(t.Context(), bed.App(t, "name: other\nservices: {web: {image: nginx}}\n")))
		time.Sleep(10 * time.Minute)
		for _, step := range []struct {
			what string
			most int
			req  deploy.Request
		}{
			{"first up", firstUp, deploy.Request{}}, {"up without changes", nothing, deploy.Request{}},
			{"down", down, deploy.Request{Down: true}},
		} {
			f := must(t)(b.Run(t.Context(), a, step.req))
			n := trips(f.Record)
			t.Logf("%-18s %d round trips (at most %d), %d calls", step.what, n, step.most, f.Calls)
			if n > step.most {
				t.Errorf("%s: %d round trips, at most %d", step.what, n, step.most)
			}
			time.Sleep(10 * time.Minute)
		}
	})
}
