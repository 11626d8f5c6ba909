package bench

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// scaleOut is what AWS itself takes from the load to a new task that runs, by the seconds
// for which a service is measured, if the load begins with one of these spans: three of them
// must be above the target, the last one must be seen, and a task must start.
func scaleOut(seconds int) chain {
	seen := wait(sandbox.MetricSeen)
	if seconds == 20 {
		seen = wait(sandbox.FastMetricSeen)
	}
	return chain{
		fixed("three spans", 3*time.Duration(seconds)*time.Second), seen, wait(sandbox.ServiceScheduler),
		wait(sandbox.TaskPlaced), wait(sandbox.TaskPulled),
	}
}

// TestBenchScaleOut gives a service load at the beginning of a minute and waits for a
// third task; the policy wants four. Then the load ends, and the tasks go.
func TestBenchScaleOut(t *testing.T) {
	t.Parallel()
	const allowed = 1.05
	for _, seconds := range []int{60, 20} {
		a := bed.App(t, fmt.Sprintf("name: shop\nservices:\n  web: {image: \"nginx:1.29\", deploy: {replicas: 2}, "+
			"x-berth: {autoscaling: {max: 4, cpu: 50, in_seconds: 60, resolution_seconds: %d}}}\n", seconds))
		for _, profile := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, sandbox.Options{Seed: 1, Latency: latency, MaxLag: lag, Buckets: true, Profile: profile})
				must(t)(b.Up(t.Context(), a))
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				cluster := resource.ClusterName(blueprint.Environment(a), p.Region)
				name := blueprint.ServiceName(a, p.Region, "web")
				state := func() (desired, running int32) {
					out, err := p.Clients.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String(cluster), Services: []string{name}})
					if err != nil {
						t.Fatal(err)
					}
					return out.Services[0].DesiredCount, out.Services[0].RunningCount
				}
				time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + 100*time.Millisecond)))
				sandbox.SetLoad(b.World, cluster, name, sandbox.Work{CPU: 190})
				begin := time.Now()
				_, n := state()
				for ; n < 4 && time.Since(begin) < time.Hour; _, n = state() {
					time.Sleep(100 * time.Millisecond)
				}
				took, least := time.Since(begin), scaleOut(seconds).in(profile)
				t.Logf("each %d s, %s: %.1f s, chain %.1f s, share %.3f", seconds, profile, took.Seconds(), least.Seconds(), took.Seconds()/least.Seconds())
				if took.Seconds() > allowed*least.Seconds() || n != 4 {
					t.Errorf("%d tasks after %v, want 4 within %v times %v", n, took, allowed, least)
				}
				again := must(t)(b.Up(t.Context(), a))
				if d, _ := state(); again.Changing > 0 || d != 4 {
					t.Errorf("the next up makes %d changing calls, and %d tasks are wanted", again.Changing, d)
				}
				sandbox.SetLoad(b.World, cluster, name, sandbox.Work{CPU: 1})
				time.Sleep(time.Hour)
				if d, _ := state(); d != 2 {
					t.Errorf("%d tasks are wanted an hour after the load, want 2", d)
				}
				must(t)(b.Down(t.Context(), a))
			})
		}
	}
}
