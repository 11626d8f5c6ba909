package deploy_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheReasonOfStopsIsToldOnInterrupt interrupts a deployment whose tasks stop
// again and again: what is left to AWS is told with the reason.
func TestTheReasonOfStopsIsToldOnInterrupt(t *testing.T) {
	t.Parallel()
	a := bed.App(t, "name: shop\nservices:\n  web: {image: sandbox/pull-error, expose: [\"80\"], deploy: {replicas: 2}}\n")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true})
		ctx, cancel := context.WithCancelCause(t.Context())
		p, err := b.Start(ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(55*time.Second, func() { cancel(interrupt.Err) })
		told := ""
		p.Observe = bed.Events(func(e engine.Event) {
			if e.Kind == engine.Stopped && e.Address.Type == "ecs.service" {
				told = e.Detail
			}
		})
		if _, _, err := p.Do(ctx, deploy.Request{}); !errors.Is(err, interrupt.Err) {
			t.Fatalf("error %v, want the interrupt", err)
		}
		if !strings.Contains(told, "CannotPullContainerError") {
			t.Errorf("told %q, want the reason of the stops", told)
		}
	})
}
