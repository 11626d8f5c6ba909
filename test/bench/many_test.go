package bench

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// size is how many services that are scaled with their load, and as many jobs that run by
// the clock, a project has: a thousand when the machine is there for the benchmark alone.
func size() int {
	if os.Getenv("BERTH_BENCH") != "" {
		return 1000
	}
	return 50
}

// TestBenchPlanOfMany plans scaled services and scheduled jobs in an account that has
// nothing yet. The time is that of the machine: AWS answers at once.
func TestBenchPlanOfMany(t *testing.T) {
	const allowed = 2 * time.Second
	many := size()
	a := scaledAndScheduled(t, many)
	b := bed.New(t, sandbox.Options{Seed: 1, Quotas: plenty(2 * many)})
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	plan, err := p.Plan(t.Context(), deploy.Request{})
	took := time.Since(begin)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]int{}
	for _, s := range plan.Actions {
		of[s.Address.Type]++
	}
	t.Logf("%d scaling targets and %d schedules: planned in %.2f s", of["autoscaling.target"], of["scheduler.schedule"], took.Seconds())
	if took > allowed || of["autoscaling.target"] != many || of["scheduler.schedule"] != many {
		t.Errorf("%v in %v, want %d of each within %v", of, took, many, allowed)
	}
}

// TestBenchUpOfMany brings scaled services and scheduled jobs up at once. The limit is
// AWS's rate of RegisterTaskDefinition, as for services alone.
func TestBenchUpOfMany(t *testing.T) {
	t.Parallel()
	const (
		burst   = 20
		allowed = 1.10
	)
	many := size()
	a := scaledAndScheduled(t, many)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true, Quotas: plenty(2 * many)})
		f := must(t)(b.Up(t.Context(), a))
		start := sandbox.TaskPlaced.In(sandbox.Typical) + sandbox.TaskPulled.In(sandbox.Typical)
		floor := time.Duration(2*many-burst)*time.Second + start
		t.Logf("%d scaling targets and %d schedules: %.0f s, floor %.0f s, share %.3f, %d calls", many, many, f.Took.Seconds(), floor.Seconds(),
			f.Took.Seconds()/floor.Seconds(), f.Calls)
		if f.Took.Seconds() > allowed*floor.Seconds() {
			t.Errorf("took %v, at most %v times %v", f.Took, allowed, floor)
		}
		time.Sleep(time.Minute)
		if again := must(t)(b.Up(t.Context(), a)); again.Changing > 0 {
			t.Errorf("the second up changes something: %d calls", again.Changing)
		}
	})
}

// scaledAndScheduled is a project of n services that are scaled with their load and n
// jobs that run by the clock.
func scaledAndScheduled(t *testing.T, n int) *app.App {
	t.Helper()
	var b strings.Builder
	b.WriteString("name: shop\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  s%04d: {image: \"redis:7\", expose: [\"6379\"], x-berth: {autoscaling: true}}\n", i)
		fmt.Fprintf(&b, "  j%04d: {image: \"redis:7\", x-berth: {schedule: \"%d %d * * *\"}}\n", i, i%60, i/60)
	}
	return bed.App(t, b.String())
}
