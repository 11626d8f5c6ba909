package deploy_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

const withVolume = `name: shop
services:
  migrate:
    image: alpine
    command: ["true"]
    restart: "no"
    volumes: ["data:/data"]
  web:
    image: %s
    expose: ["80"]
    depends_on: {migrate: {condition: service_completed_successfully}}
    volumes: ["data:/data"]
volumes: {data: {}}
`

// unmounted are the reasons of tasks that could not mount their volumes.
func unmounted(t *testing.T, b *bed.Bed, a *app.App) []string {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	names, err := p.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	cluster := names.Cluster
	api := ecs.NewFromConfig(b.World.Config())
	list, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &cluster, DesiredStatus: types.DesiredStatusStopped})
	if err != nil || len(list.TaskArns) == 0 {
		return nil
	}
	tasks, err := api.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: list.TaskArns})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, task := range tasks.Tasks {
		if why := aws.ToString(task.StoppedReason); strings.Contains(why, "ResourceInitializationError") {
			out = append(out, why)
		}
	}
	return out
}

// TestNoTaskMountsTooEarly brings a job and a service with a volume up, in one
// go and after runs that ended at every stage of the mount targets: no task
// starts before it can mount, and nobody waits for a mount target that is old.
func TestNoTaskMountsTooEarly(t *testing.T) {
	t.Parallel()
	one, two := bed.App(t, strings.Replace(withVolume, "%s", "nginx:1.29", 1)), bed.App(t, strings.Replace(withVolume, "%s", "nginx:1.30", 1))
	available := sandbox.FileSystemAvailable.In(sandbox.Typical) + sandbox.MountTargetAvailable.In(sandbox.Typical)
	resolves := available + sandbox.MountTargetResolves.In(sandbox.Typical)
	for name, tc := range map[string]struct {
		// ends is when the first run ends; killed says that it dies.
		ends   time.Duration
		killed bool
	}{
		"in one go":                    {},
		"stopped while it is made":     {ends: available - 20*time.Second},
		"stopped before it resolves":   {ends: available + 20*time.Second},
		"killed while it is made":      {ends: available - 20*time.Second, killed: true},
		"killed before it resolves":    {ends: available + 20*time.Second, killed: true},
		"killed shortly before it can": {ends: resolves - 2*time.Second, killed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true})
				if tc.ends > 0 {
					cutOff(t, b, tc.ends, tc.killed, func(ctx context.Context) error { _, err := b.Up(ctx, one); return err })
				}
				if _, err := b.Up(t.Context(), one); err != nil {
					t.Fatal(err)
				}
				if early := unmounted(t, b, one); len(early) > 0 {
					t.Errorf("%d tasks began too early: %s", len(early), early[0])
				}
				time.Sleep(bed.Quiet)
				if f, err := b.Up(t.Context(), one); err != nil || !f.Plan.Empty() {
					t.Errorf("an up without changes: %v, %s", err, f.Plan)
				}
				began := time.Now()
				if _, err := b.Up(t.Context(), two); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took > 3*time.Minute {
					t.Errorf("an update took %v: it waited for old mount targets", took)
				}
			})
		})
	}
}

// cutOff ends a run after a time: as Ctrl-C does, or dead.
func cutOff(t *testing.T, b *bed.Bed, after time.Duration, dead bool, up func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(after, func() {
		if !dead {
			cancel(errors.New("stopped"))
			return
		}
		b.World.Inject(func(sandbox.Call) sandbox.Fault { return sandbox.Fault{Kind: sandbox.KillBefore} })
	})
	if err := up(ctx); err == nil {
		t.Fatal("the run was over before it was cut off")
	}
	cancel(nil)
	b.World.Inject(nil)
	b.World.Revive()
}

// TestAJobRunsAgainUntilItsContainersHaveStarted runs jobs whose tasks end in
// every way: one whose containers were never started runs up to three times, one
// whose container ran runs once, whatever came of it.
func TestAJobRunsAgainUntilItsContainersHaveStarted(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]int{
		"sandbox/pull-error": 3, "sandbox/exit:3": 1, "sandbox/crash:30s": 1, "alpine": 1,
	} {
		a := bed.App(t, "name: shop\nservices:\n  migrate: {image: \""+image+"\", restart: \"no\"}\n")
		t.Run(image, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true})
				var told []string
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				p.Observe = bed.Events(func(e engine.Event) {
					if e.Kind == engine.Retrying && e.Address.Type == "ecs.job" {
						told = append(told, e.Detail)
					}
				})
				_, _, err = p.Do(t.Context(), deploy.Request{})
				if (err == nil) != (image == "alpine") {
					t.Errorf("the run ended with %v", err)
				}
				runs := 0
				for _, c := range b.World.Calls() {
					if c.Operation == "RunTask" && c.Code == "" {
						runs++
					}
				}
				if runs != want {
					t.Errorf("%d runs, want %d", runs, want)
				}
				again := 0
				for _, d := range told {
					if strings.Contains(d, "tried again in") {
						again++
						if !strings.Contains(d, "CannotPullContainerError") {
							t.Errorf("it does not say why: %s", d)
						}
					}
				}
				if again != want-1 {
					t.Errorf("told %q", told)
				}
			})
		})
	}
}
