package oneoff_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/oneoff"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/test/bed"
)

const shop = `
name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
  migrate:
    image: example/migrate
    restart: "no"
`

// inShop runs a test in virtual time on a world in which the shop is deployed.
func inShop(t *testing.T, f func(t *testing.T, b *bed.Bed, p *deploy.Project)) {
	t.Helper()
	a := bed.App(t, shop)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Seed: 1, Latency: 20 * time.Millisecond, MaxLag: 3 * time.Second})
		f(t, b, started(t, b, a))
	})
}

func started(t *testing.T, b *bed.Bed, a *app.App) *deploy.Project {
	t.Helper()
	if _, err := b.Run(t.Context(), a, deploy.Request{}); err != nil {
		t.Fatal(err)
	}
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return p.Project
}

func drop(status.Line) error { return nil }
func unheard(string, string) {}

// TestALostAnswerStartsOneTask loses the answer of RunTask: the call is repeated, and
// one task runs.
func TestALostAnswerStartsOneTask(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"web", "migrate"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, func(t *testing.T, b *bed.Bed, p *deploy.Project) {
				var lost atomic.Bool
				b.World.Inject(func(c sandbox.Call) sandbox.Fault {
					if c.Operation == "RunTask" && !lost.Swap(true) {
						return sandbox.Fault{Kind: sandbox.FailAfter}
					}
					return sandbox.Fault{}
				})
				r, err := oneoff.Start(t.Context(), p, oneoff.Request{Name: name, Command: []string{"sleep", "600"}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				found, err := p.Status(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(found.OneOffs) != 1 || found.OneOffs[0].Task.ID != r.Tasks[0] || found.OneOffs[0].Name != name {
					t.Errorf("one-off tasks %+v, want %s of %s alone", found.OneOffs, r.Tasks[0], name)
				}
				for _, j := range found.Jobs {
					if j.State != "done" {
						t.Errorf("job %s is %s beside a one-off task", j.Name, j.State)
					}
				}
			})
		})
	}
}

// TestRunAddsLittle measures what run adds to what ECS takes for a task.
func TestRunAddsLittle(t *testing.T) {
	t.Parallel()
	inShop(t, func(t *testing.T, b *bed.Bed, p *deploy.Project) {
		before := time.Now()
		r, err := oneoff.Start(t.Context(), p, oneoff.Request{Name: "web", Command: []string{"echo", "hello"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		ends, err := r.Wait(t.Context(), 0, func(l status.Line) error { lines = append(lines, l.Text); return nil }, unheard)
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(before)
		table, err := p.Outputs()
		if err != nil {
			t.Fatal(err)
		}
		out, err := p.Target.Clients.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: &table.Cluster, Tasks: r.Tasks})
		if err != nil || len(out.Tasks) != 1 {
			t.Fatalf("tasks %+v, error %v", out, err)
		}
		ecsTook := out.Tasks[0].StoppedAt.Sub(*out.Tasks[0].CreatedAt)
		if more := took - ecsTook; more > time.Second {
			t.Errorf("run took %s, which is %s more than ECS", took, more)
		}
		t.Logf("run took %s, ECS %s", took, ecsTook)
		if len(ends) != 1 || ends[0].Code != 0 || !ends[0].Known || strings.Join(lines, "|") != "hello" {
			t.Errorf("ended as %+v with lines %q", ends, lines)
		}
	})
}

// TestAnEndedRunIsStopped: after the context's end or the deadline nothing runs on.
func TestAnEndedRunIsStopped(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		inShop(t, func(t *testing.T, b *bed.Bed, p *deploy.Project) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, err := oneoff.Start(ctx, p, oneoff.Request{Name: "web", Command: []string{"sleep", "600"}, Count: 3}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var timeout time.Duration
			if late {
				timeout = time.Minute
			} else {
				time.AfterFunc(time.Minute, cancel)
			}
			_, err = r.Wait(ctx, timeout, drop, unheard)
			var past *oneoff.TimeoutError
			if late && !errors.As(err, &past) || !late && !errors.Is(err, context.Canceled) {
				t.Fatalf("late %v: error %v", late, err)
			}
			if !late {
				if err := r.Stop(ctx, "test"); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(2 * time.Minute)
			found, err := p.Status(t.Context())
			if err != nil || len(found.OneOffs) != 0 {
				t.Errorf("late %v: still running: %+v, error %v", late, found.OneOffs, err)
			}
		})
	}
}
