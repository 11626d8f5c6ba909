package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/test/bed"
)

const pair = `
name: pair
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
  worker:
    image: example/worker:1
    expose: ["9000"]
    healthcheck: { test: ["CMD", "true"] }
`

const alone = `
name: pair
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
`

// inSandbox runs a test in virtual time on a new world.
func inSandbox(t *testing.T, f func(t *testing.T, b *bed.Bed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t, bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond, MaxLag: 3 * time.Second}))
	})
}

func mustRun(t *testing.T, b *bed.Bed, a *app.App, req deploy.Request) bed.Figures {
	t.Helper()
	f, err := b.Run(t.Context(), a, req)
	if err != nil {
		t.Fatalf("%+v: %v", req, err)
	}
	return f
}

func TestARelease(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		f := mustRun(t, b, a, deploy.Request{})
		rel := f.Outcome.Release
		if rel == nil || rel.Outcome != "succeeded" || rel.Error != "" || rel.Seconds <= 0 {
			t.Fatalf("release %+v, want one that succeeded", rel)
		}
		web := rel.Services["web"]
		if web.Image != "nginx:1.29" || !strings.HasSuffix(web.TaskDefinition, ":1") || !strings.HasPrefix(web.Digest, "sha256:") {
			t.Errorf("web in the release: %+v", web)
		}
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		latest, _, err := p.Releases().Latest(t.Context(), p.Stack(), 2)
		if err != nil || len(latest) != 1 || latest[0].ID != rel.ID {
			t.Errorf("stored releases %v, error %v; want only %s", latest, err, rel.ID)
		}
	})
}

func TestNothingToDoWritesNothing(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		f := mustRun(t, b, a, deploy.Request{})
		if f.Outcome.Release != nil {
			t.Error("a run without changes has written a release")
		}
		for _, c := range f.Record {
			if c.Mutating {
				t.Errorf("%s %s in a run without changes", c.Service, c.Operation)
			}
		}
		if len(f.Outcome.Result.Objects) == 0 {
			t.Error("the outcome names no objects")
		}
	})
}

func TestOrphans(t *testing.T) {
	t.Parallel()
	both, one := bed.App(t, pair), bed.App(t, alone)
	tests := []struct {
		name string
		app  *app.App
		req  deploy.Request
		want engine.Verb // of ecs.service/worker; empty if it is not in the plan
	}{
		{"from the same source", one, deploy.Request{}, engine.VerbDelete},
		{"with a name", one, deploy.Request{Services: []string{"web"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				mustRun(t, b, both, deploy.Request{})
				f := mustRun(t, b, tt.app, tt.req)
				at := slices.IndexFunc(f.Plan.Actions, func(a *engine.Action) bool {
					return a.Address.String() == "ecs.service/worker"
				})
				got := engine.Verb("")
				if at >= 0 {
					got = f.Plan.Actions[at].Verb
				}
				if got != tt.want {
					t.Errorf("worker: %q, want %q\n%s", got, tt.want, f.Plan)
				}
			})
		})
	}
}

func TestUnknownService(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		_, err := b.Run(t.Context(), a, deploy.Request{Services: []string{"wep"}})
		var unknown *deploy.UnknownServiceError
		if !errors.As(err, &unknown) || !slices.Equal(unknown.Known, []string{"web", "worker"}) {
			t.Errorf("error %v, want one that names web and worker", err)
		}
	})
}

func TestPlaceholdersAreNotDeployed(t *testing.T) {
	t.Parallel()
	a := *bed.App(t, pair)
	a.Placeholders = []app.Placeholder{{What: "a thing", Where: "compose.yaml:3", Comes: "later"}}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		f, err := b.Run(t.Context(), &a, deploy.Request{})
		var placeholder *deploy.PlaceholderError
		if !errors.As(err, &placeholder) || !strings.Contains(err.Error(), "compose.yaml:3: a thing") {
			t.Errorf("error %v, want the placeholder", err)
		}
		if f.Changing > 0 {
			t.Errorf("%d changing calls before the refusal", f.Changing)
		}
	})
}

func TestQuotasAreCheckedFirst(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair+"    deploy: { replicas: 20, resources: { limits: { cpus: '4', memory: 8G } } }\n")
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		f, err := b.Run(t.Context(), a, deploy.Request{})
		var quota *deploy.QuotaError
		if !errors.As(err, &quota) || len(quota.Problems) != 1 {
			t.Fatalf("error %v, want one quota", err)
		}
		if f.Changing > 0 {
			t.Errorf("%d changing calls before the refusal", f.Changing)
		}
	})
}

// TestAPlanThatMoved prepares two runs and executes both: the second plans
// again and finds that nothing of its plan holds.
func TestAPlanThatMoved(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		first, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		second, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := second.Plan(t.Context(), deploy.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := first.Do(t.Context(), deploy.Request{}); err != nil {
			t.Fatal(err)
		}
		_, err = second.Apply(t.Context(), plan)
		var moved *engine.MovedError
		if !errors.As(err, &moved) || moved.Was == 0 || moved.Is != 0 {
			t.Errorf("error %v, want a plan that is out of date", err)
		}
	})
}

// TestARunThatDiedAtItsEnd leaves the lock behind with everything made: the
// next run has nothing to do but to end it.
func TestARunThatDiedAtItsEnd(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		dead, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		locker := dead.Locker()
		seen, err := locker.Observe(t.Context(), dead.Stack())
		if err != nil {
			t.Fatal(err)
		}
		// A lock that nobody renews: its process is this test.
		locker.Clock = stopped{}
		lock, err := locker.Take(t.Context(), seen, "up")
		if err != nil {
			t.Fatal(err)
		}
		f := mustRun(t, b, a, deploy.Request{})
		if !f.Plan.Empty() || f.Outcome.Release == nil {
			t.Errorf("plan:\n%s\nrelease: %v; want an empty plan and a release", f.Plan, f.Outcome.Release)
		}
		next, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		var held *state.HeldError
		if seen, err = next.Locker().Observe(t.Context(), next.Stack()); errors.As(err, &held) || seen.Unclean {
			t.Errorf("still locked: %v, unclean %v", err, seen.Unclean)
		}
		if waited := time.Since(begin); waited > time.Second {
			t.Errorf("the next look waited %s", waited)
		}
		_ = lock.Release(t.Context(), nil) // only ends the test's own goroutine
	})
}

// stopped is the clock of a process that was killed: it never wakes up.
type stopped struct{ clock.Wall }

func (stopped) Sleep(context.Context, time.Duration) error { return context.Canceled }
