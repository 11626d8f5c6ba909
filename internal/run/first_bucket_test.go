package run_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheFirstBucket brings up the first project of an account, and two at
// once, while S3 does not know the new bucket yet and refuses two changes of it.
func TestTheFirstBucket(t *testing.T) {
	t.Parallel()
	one, two := bed.App(t, pair), *bed.App(t, alone)
	two.Name, two.Environment = "other", "other-dev"
	met := map[string]int{}
	for seed := uint64(1); seed <= 6; seed++ {
		synctest.Test(t, func(t *testing.T) {
			b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Seed: seed, Latency: 50 * time.Millisecond, MaxLag: 14 * time.Second})
			var wg sync.WaitGroup
			for i, a := range []*struct{ f func() error }{
				{func() error { _, err := b.Run(t.Context(), one, run.Request{}); return err }},
				{func() error { _, err := b.Run(t.Context(), &two, run.Request{}); return err }},
			} {
				wg.Go(func() {
					if err := a.f(); err != nil {
						t.Errorf("seed %d, run %d: %v", seed, i, err)
					}
				})
			}
			wg.Wait()
			for _, c := range b.World.Calls() {
				if c.Service == "S3" && c.Mutating {
					met[c.Code]++
				}
			}
		})
	}
	for _, code := range []string{"NoSuchBucket", "OperationAborted"} {
		if met[code] == 0 {
			t.Errorf("the sandbox has never answered %s: %v", code, met)
		}
	}
}
