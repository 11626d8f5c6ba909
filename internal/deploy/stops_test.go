package deploy_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheReasonOfStopsIsToldWhileWaiting deploys services whose tasks stop again
// and again: the reason is told within ten seconds of the first stop, at the
// deadline, and by ps meanwhile.
func TestTheReasonOfStopsIsToldWhileWaiting(t *testing.T) {
	t.Parallel()
	for image, tc := range map[string]struct {
		reason string
		// stops is when the first task has stopped, at the earliest, after the
		// service was made.
		stops time.Duration
		// deadline is before ECS gives the deployment up.
		deadline time.Duration
	}{
		"sandbox/pull-error": {"CannotPullContainerError", sandbox.TaskPlaced.In(sandbox.Typical) + 5*time.Second, 55 * time.Second},
		"sandbox/crash:5s":   {"exit code 1", sandbox.TaskPlaced.In(sandbox.Typical) + sandbox.TaskPulled.In(sandbox.Typical) + 5*time.Second, 95 * time.Second},
	} {
		a := bed.App(t, "name: shop\nservices:\n  web: {image: \""+image+"\", expose: [\"80\"], deploy: {replicas: 2}}\n")
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true})
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				var made, told time.Time
				p.Observe = bed.Events(func(e engine.Event) {
					switch {
					case e.Address.Type != "ecs.service":
					case e.Kind == engine.Made && made.IsZero():
						made = e.Time
					case e.Kind == engine.Waiting && strings.Contains(e.Detail, tc.reason) && told.IsZero():
						told = e.Time
					}
				})
				_, _, err = p.Do(t.Context(), deploy.Request{Timeout: tc.deadline})
				var late *engine.TimeoutError
				if !errors.As(err, &late) || !strings.Contains(late.Error(), tc.reason) {
					t.Errorf("the error at the deadline does not say why: %v", err)
				}
				if told.IsZero() || told.Sub(made) > tc.stops+12*time.Second {
					t.Errorf("made at %v, told after %v, want it within 10 s of %v", made, told.Sub(made), tc.stops)
				}
				now, err := p.Status(t.Context(), "web")
				if err != nil || now.Services[0].State != "deploying" || !strings.Contains(now.Services[0].Reason, tc.reason) {
					t.Errorf("ps says %+v, error %v", now, err)
				}
			})
		})
	}
}
