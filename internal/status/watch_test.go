package status_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/app"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/test/bed"
)

const compose = `
name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    depends_on: { migrate: { condition: service_completed_successfully } }
    healthcheck: { test: ["CMD", "true"] }
    deploy: { replicas: 2 }
  migrate:
    image: example/migrate
    restart: "no"
`

// place is a deployed app with what the package's functions are asked about.
type place struct {
	*bed.Bed
	*bed.Process
	cluster string
	// names are those of the app in AWS.
	names blueprint.Outputs
}

func (p place) web(t *testing.T) blueprint.ServiceOutput {
	t.Helper()
	out, ok := p.names.Service("web")
	if !ok {
		t.Fatal("the app has no service web")
	}
	return out
}

// deployed brings an app up in virtual time; a deployment that fails is fine.
func deployed(t *testing.T, a *app.App, f func(t *testing.T, p place)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Latency: 20 * time.Millisecond})
		_, err := b.Run(t.Context(), a, deploy.Request{})
		if err != nil && !deploy.Unhealthy(err) && len(deploy.Failures(err)) == 0 {
			t.Fatal(err)
		}
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		clusters, err := p.Clients.ECS.ListClusters(t.Context(), &ecs.ListClustersInput{})
		if err != nil || len(clusters.ClusterArns) != 1 {
			t.Fatalf("clusters %v, error %v", clusters, err)
		}
		names, err := p.Outputs()
		if err != nil {
			t.Fatal(err)
		}
		f(t, place{Bed: b, Process: p, cluster: clusters.ClusterArns[0], names: names})
	})
}

func (p place) status(t *testing.T) status.Service {
	t.Helper()
	list, err := status.Status(t.Context(), status.Clients{ECS: p.Clients.ECS, EC2: p.Clients.EC2}, p.cluster,
		[]status.Wanted{{Name: "web", ECSName: p.web(t).ECSName}})
	if err != nil || len(list) != 1 {
		t.Fatalf("status %v, error %v", list, err)
	}
	return list[0]
}

func (p place) stopTask(t *testing.T, id string) {
	t.Helper()
	_, err := p.Clients.ECS.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: aws.String(p.cluster), Task: aws.String(id)})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		s := p.status(t)
		if s.State != "healthy" || s.Running != 2 || s.Desired != 2 || len(s.Tasks) != 2 {
			t.Fatalf("after up: %+v", s)
		}
		for _, task := range s.Tasks {
			if task.PrivateIP == "" || task.PublicIP == "" || task.Health != "HEALTHY" || task.Capacity == "" {
				t.Errorf("task %+v lacks an address, a health or a capacity", task)
			}
		}
		p.stopTask(t, s.Tasks[0].ID)
		time.Sleep(10 * time.Second)
		if s := p.status(t); s.State != "unhealthy" || s.Running != 1 {
			t.Errorf("10 s after a task was stopped: %s, %d running", s.State, s.Running)
		}
		time.Sleep(3 * time.Minute)
		if s := p.status(t); s.State != "healthy" || s.Running != 2 {
			t.Errorf("3 min after a task was stopped: %s, %d running", s.State, s.Running)
		}
	})
}

func TestStatusOfNothing(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		for _, cluster := range []string{p.cluster, "no-such-cluster"} {
			list, err := status.Status(t.Context(), status.Clients{ECS: p.Clients.ECS, EC2: p.Clients.EC2}, cluster,
				[]status.Wanted{{Name: "other", ECSName: "other"}})
			if err != nil || len(list) != 1 || list[0].State != "absent" {
				t.Errorf("in %s: %v, error %v; want an absent service", cluster, list, err)
			}
		}
	})
}

func TestJobs(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{"example/migrate": "done", "sandbox/exit:3": "failed"} {
		a := bed.App(t, strings.Replace(compose, "example/migrate", image, 1))
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			deployed(t, a, func(t *testing.T, p place) {
				migrate, _ := p.names.Job("migrate")
				jobs, err := status.Jobs(t.Context(), p.Clients.ECS, p.cluster, []status.WantedJob{
					{Name: "migrate", Family: migrate.Family}, {Name: "none", Family: "none"}})
				if err != nil || len(jobs) != 2 {
					t.Fatalf("jobs %v, error %v", jobs, err)
				}
				if jobs[0].State != want || jobs[0].Task == "" || jobs[1].State != "absent" {
					t.Errorf("jobs %+v, want %s and absent", jobs, want)
				}
			})
		})
	}
}

// TestTheLaterRunOfAJobCounts: a job that succeeded and then failed, with the same
// revision, has failed; and the other way round.
func TestTheLaterRunOfAJobCounts(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		migrate, _ := p.names.Job("migrate")
		wanted := []status.WantedJob{{Name: "migrate", Family: migrate.Family}}
		revision, err := p.Clients.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: &migrate.Family})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ last, state, task string }{{"failed", "failed", "failed"}, {"another", "done", ""}} {
			_, err := p.Clients.ECS.TagResource(t.Context(), &ecs.TagResourceInput{
				ResourceArn: revision.TaskDefinition.TaskDefinitionArn,
				Tags: []types.Tag{
					{Key: aws.String(resource.TagFailedTask), Value: aws.String("failed")},
					{Key: aws.String(resource.TagLastTask), Value: aws.String(c.last)},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			jobs, err := status.Jobs(t.Context(), p.Clients.ECS, p.cluster, wanted)
			if err != nil || jobs[0].State != c.state || c.task != "" && jobs[0].Task != c.task {
				t.Errorf("after %s: %+v, error %v", c.last, jobs, err)
			}
		}
	})
}

// TestLogsFollowReplacedTasks stops a task while its log is followed: the lines
// of its successor come in by themselves, none twice.
func TestLogsFollowReplacedTasks(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		before := p.status(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		var mu sync.Mutex
		var lines []status.Line
		ended := make(chan error, 1)
		go func() {
			ended <- status.Logs(ctx, p.Clients.Logs, []status.Source{{Name: "web", Group: p.web(t).LogGroup}},
				status.LogOptions{Tail: 5, Follow: true, Clock: p.Clock}, func(l status.Line) error {
					mu.Lock()
					defer mu.Unlock()
					lines = append(lines, l)
					return nil
				})
		}()
		p.stopTask(t, before.Tasks[0].ID)
		time.Sleep(3 * time.Minute)
		stop := errors.New("enough")
		cancel(stop)
		if err := <-ended; !errors.Is(err, stop) {
			t.Errorf("following ended with %v", err)
		}
		after := p.status(t)
		mu.Lock()
		defer mu.Unlock()
		var successor string
		for _, task := range after.Tasks {
			if !slices.ContainsFunc(before.Tasks, func(b status.Task) bool { return b.ID == task.ID }) {
				successor = task.ID
			}
		}
		if !slices.ContainsFunc(lines, func(l status.Line) bool { return l.Task == successor }) {
			t.Errorf("no line of the new task %s among %d lines", successor, len(lines))
		}
		seen := map[status.Line]bool{}
		for _, l := range lines {
			if seen[l] {
				t.Errorf("twice: %s %s %s", l.Time, l.Task, l.Text)
			}
			seen[l] = true
		}
	})
}

func TestLogsSinceAndTail(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		time.Sleep(5 * time.Minute)
		count := func(o status.LogOptions, sources ...status.Source) int {
			n := 0
			o.Clock = p.Clock
			if err := status.Logs(t.Context(), p.Clients.Logs, sources, o, func(status.Line) error { n++; return nil }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		web := status.Source{Name: "web", Group: p.web(t).LogGroup}
		all := count(status.LogOptions{Tail: -1}, web)
		if all < 4 {
			t.Fatalf("the sandbox has written %d lines", all)
		}
		if n := count(status.LogOptions{Tail: 2}, web); n != 2 {
			t.Errorf("the last 2 lines are %d", n)
		}
		if n := count(status.LogOptions{Tail: -1, Since: p.Clock.Now()}, web); n != 0 {
			t.Errorf("%d lines from now on", n)
		}
		if n := count(status.LogOptions{Tail: -1}, status.Source{Name: "none", Group: "none"}); n != 0 {
			t.Errorf("%d lines of a log group that is not there", n)
		}
	})
}

func TestBalancerHostOfNothing(t *testing.T) {
	t.Parallel()
	deployed(t, bed.App(t, compose), func(t *testing.T, p place) {
		host, err := status.BalancerHosts(t.Context(), p.Clients.ELB, func(name, _ string) bool {
			return naming.HasMark(name, p.Environment(), p.Region)
		})
		if err != nil || host != (status.Hosts{}) {
			t.Errorf("hosts %+v, error %v; want none", host, err)
		}
	})
}
