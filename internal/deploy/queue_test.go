package deploy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

const queued = `
name: shop
services:
  worker:
    image: example/worker
    x-berth: {autoscaling: {min: 0, max: 6, queue: orders, backlog: 10}}
`

// TestAQueueScalesFromZero: without messages no task stays; the first message starts one,
// many start more, messages under way keep the last one, and in the end none runs. No run of
// berth resets the number.
func TestAQueueScalesFromZero(t *testing.T) {
	t.Parallel()
	a := bed.App(t, queued)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		if _, err := b.Run(t.Context(), a, deploy.Request{}); err == nil || !strings.Contains(err.Error(), "orders: there is no such queue") {
			t.Fatalf("without the queue: %v", err)
		}
		sandbox.SetMessages(b.World, "orders", 0, 0)
		time.Sleep(time.Minute)
		mustRun(t, b, a, deploy.Request{})
		api := ecs.NewFromConfig(b.World.Config())
		after := func(wait time.Duration, least, most int32, when string) {
			t.Helper()
			time.Sleep(wait)
			out, err := api.DescribeServices(t.Context(), &ecs.DescribeServicesInput{
				Cluster:  aws.String(resource.ClusterName(blueprint.Environment(a), b.World.Region())),
				Services: []string{blueprint.ServiceName(a, b.World.Region(), "worker")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if s := out.Services[0]; s.RunningCount < least || s.RunningCount > most || s.DesiredCount != s.RunningCount {
				t.Errorf("%s %d tasks run and %d are wanted, want %d to %d", when, s.RunningCount, s.DesiredCount, least, most)
			}
		}
		after(time.Hour, 0, 0, "without messages")
		unchanged(t, b, a)
		sandbox.SetMessages(b.World, "orders", 3, 0)
		after(4*time.Minute, 1, 1, "with the first messages")
		sandbox.SetMessages(b.World, "orders", 42, 2)
		after(time.Hour, 5, 5, "with 44 messages")
		unchanged(t, b, a)
		sandbox.SetMessages(b.World, "orders", 400, 0)
		after(30*time.Minute, 6, 6, "with 400 messages")
		sandbox.SetMessages(b.World, "orders", 0, 1)
		after(2*time.Hour, 1, 1, "with a message under way")
		sandbox.SetMessages(b.World, "orders", 0, 0)
		after(2*time.Hour, 0, 0, "at the end")
		sandbox.SetMessages(b.World, "orders", 1, 0)
		after(4*time.Minute, 1, 1, "a day later")
		mustRun(t, b, a, deploy.Request{Down: true, DeleteData: true})
	})
}
