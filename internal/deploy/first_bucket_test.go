package deploy_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheWaitForTheFirstBucketIsTold has S3 not know the new bucket for a while:
// the run's events say so within ten seconds, and name the bucket.
func TestTheWaitForTheFirstBucketIsTold(t *testing.T) {
	t.Parallel()
	a := bed.App(t, alone)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 14 * time.Second})
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		var told time.Time
		p.Observe = bed.Events(func(e engine.Event) {
			if e.Kind == engine.Waiting && strings.Contains(e.Detail, "new bucket s3://berth-") && told.IsZero() {
				told = e.Time
			}
		})
		if _, _, err := p.Do(t.Context(), deploy.Request{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range b.World.Calls() {
			if c.Operation == "CreateBucket" {
				if told.IsZero() || told.Sub(c.At) > 10*time.Second {
					t.Errorf("the bucket was made at %v; told at %v", c.At, told)
				}
				return
			}
		}
		t.Error("no bucket was made")
	})
}

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
				{func() error { _, err := b.Run(t.Context(), one, deploy.Request{}); return err }},
				{func() error { _, err := b.Run(t.Context(), &two, deploy.Request{}); return err }},
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
