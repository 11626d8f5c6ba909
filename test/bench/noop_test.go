package bench

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// perCall is how long a call takes in the measurement of an up with nothing to
// do.
const perCall = 100 * time.Millisecond

// manyServices is a project of one load-balanced service and n-1 others.
func manyServices(t *testing.T, n int) *app.App {
	t.Helper()
	var b strings.Builder
	b.WriteString("name: shop\nservices:\n  web: {image: \"nginx:1.29\", ports: [\"8080:80\"]}\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "  s%03d: {image: \"redis:7\", expose: [\"6379\"], healthcheck: {test: [\"CMD\", \"true\"], interval: 5s}}\n", i)
	}
	return bed.App(t, b.String())
}

// TestBenchNothingToDo brings a project up a second time: no changing call, no
// restart, few calls, one second.
func TestBenchNothingToDo(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 10} {
		a := manyServices(t, n)
		synctest.Test(t, func(t *testing.T) {
			b := bed.New(t, sandbox.Options{Seed: 1, Latency: perCall, MaxLag: 3 * time.Second, Buckets: true, Quotas: plenty(n)})
			must(t)(b.Up(t.Context(), a))
			time.Sleep(time.Minute)
			before := b.World.Dump()
			f := must(t)(b.Up(t.Context(), a))
			t.Logf("%d services: %d calls, %d changing, %.2f s at %s a call", n, f.Calls, f.Changing, f.Took.Seconds(), perCall)
			limit := 20 + 3*n
			if n == 1 {
				limit = 30
			}
			writes := 0
			for _, c := range f.Record {
				if c.Mutating {
					writes++
				}
			}
			if writes > 0 || f.Calls > limit {
				t.Errorf("%d services: %d calls (at most %d), %d of them change something", n, f.Calls, limit, writes)
			}
			if n == 1 && f.Took > time.Second {
				t.Errorf("one service: %v, at most 1 s", f.Took)
			}
			if after := b.World.Dump(); after != before {
				t.Error("the world has changed")
			}
		})
	}
}

// plenty are quotas that n services do not exceed.
func plenty(n int) map[string]int {
	quotas := map[string]int{}
	for _, q := range sandbox.Quotas() {
		quotas[q.Name] = max(q.Value, 20*n)
	}
	return quotas
}
