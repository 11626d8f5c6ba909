package deploy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/app"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// onSpotCapacity is a service of four tasks, of which three run on Spot.
func onSpotCapacity(t *testing.T, spot string, version int) *app.App {
	t.Helper()
	return bed.App(t, fmt.Sprintf("name: shop\nservices:\n  web: {image: \"nginx:%d\", deploy: {replicas: 4}, x-berth: {spot: %s}}\n", version, spot))
}

// TestSpotIsPreferred: tasks for which Spot has no capacity run on demand, and go back with the
// next deployment once Spot has some.
func TestSpotIsPreferred(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		// room is for how many tasks Spot has capacity, onSpot how many run there then.
		room, onSpot int
	}{{"no capacity", 0, 0}, {"for one task", 1, 1}, {"for two tasks", 2, 2}, {"for all", 3, 3}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inSandbox(t, func(t *testing.T, b *bed.Bed) {
				a := onSpotCapacity(t, "prefer", 1)
				sandbox.LimitSpot(b.World, &c.room)
				mustRun(t, b, a, deploy.Request{})
				if got := spotTasks(t, b, a); got != c.onSpot {
					t.Errorf("%d tasks run on Spot, want %d", got, c.onSpot)
				}
				sandbox.LimitSpot(b.World, nil)
				if c.onSpot < 3 {
					session, err := b.Start(t.Context(), a)
					if err != nil {
						t.Fatal(err)
					}
					p, err := session.Plan(t.Context(), deploy.Request{ReadOnly: true})
					if err != nil {
						t.Fatal(err)
					}
					if !strings.Contains(fmt.Sprint(p.Notices), "Spot had no capacity") {
						t.Errorf("the plan does not say why it moves tasks: %v", p.Notices)
					}
					mustRun(t, b, a, deploy.Request{})
				}
				unchanged(t, b, a)
				if got := spotTasks(t, b, a); got != 3 {
					t.Errorf("later %d tasks run on Spot, want 3", got)
				}
				// A new version, while Spot has capacity for none.
				none := 0
				sandbox.LimitSpot(b.World, &none)
				mustRun(t, b, onSpotCapacity(t, "prefer", 2), deploy.Request{})
				if got := spotTasks(t, b, a); got != 0 {
					t.Errorf("of the new version %d tasks run on Spot", got)
				}
				mustRun(t, b, onSpotCapacity(t, "false", 2), deploy.Request{})
				unchanged(t, b, onSpotCapacity(t, "false", 2))
				mustRun(t, b, a, deploy.Request{Down: true, DeleteData: true})
			})
		})
	}
}

// TestSpotAloneFails: with spot: true nothing moves, and `up` says what is missing.
func TestSpotAloneFails(t *testing.T) {
	t.Parallel()
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		none := 0
		sandbox.LimitSpot(b.World, &none)
		a := onSpotCapacity(t, "true", 1)
		if _, err := b.Run(t.Context(), a, deploy.Request{}); err == nil || !strings.Contains(err.Error(), "Capacity is unavailable") {
			t.Errorf("without capacity: %v", err)
		}
		if got := spotTasks(t, b, a); got != 0 {
			t.Errorf("%d tasks run on Spot", got)
		}
	})
}

// spotTasks is how many tasks of web run on Spot; all four must run.
func spotTasks(t *testing.T, b *bed.Bed, a *app.App) int {
	t.Helper()
	time.Sleep(5 * time.Minute)
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	cluster, service := resource.ClusterName(blueprint.Environment(a), p.Region), blueprint.ServiceName(a, p.Region, "web")
	list, err := p.Clients.ECS.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &cluster, ServiceName: &service})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := p.Clients.ECS.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: list.TaskArns})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, task := range shown.Tasks {
		if aws.ToString(task.CapacityProviderName) == "FARGATE_SPOT" {
			n++
		}
	}
	return n
}
