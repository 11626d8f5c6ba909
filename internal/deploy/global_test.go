package deploy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/app"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// TestOneTaskOnEachInstance: a global service has a task on each instance that the others
// need, also on those that come later, and needs none itself; another version replaces each.
func TestOneTaskOnEachInstance(t *testing.T) {
	t.Parallel()
	file := func(replicas, version int) *app.App {
		return bed.App(t, fmt.Sprintf("name: shop\nx-berth: {network: {tasks: private, nat: single}, capacity: ec2, instances: {types: [m7i.large]}}\nservices:\n"+
			"  web: {image: \"nginx:1.29\", ports: [\"80:80\"], deploy: {replicas: %d, resources: {limits: {cpus: \"1\", memory: 4G}}}}\n"+
			"  agent: {image: \"example/agent:%d\", deploy: {mode: global}}\n", replicas, version))
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		for i, c := range []struct{ replicas, version, instances int }{{0, 1, 0}, {1, 1, 1}, {3, 1, 3}, {3, 2, 3}, {1, 2, 1}, {0, 2, 0}} {
			a := file(c.replicas, c.version)
			mustRun(t, b, a, deploy.Request{})
			unchanged(t, b, a)
			time.Sleep(40 * time.Minute) // empty instances end
			unchanged(t, b, a)
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			on := whereRuns(t, p.Clients.ECS, resource.ClusterName(blueprint.Environment(a), p.Region), blueprint.ServiceName(a, p.Region, "agent"))
			if len(on) != c.instances {
				t.Errorf("step %d: agent runs on %d instances, want %d: %v", i, len(on), c.instances, on)
			}
			for machine, images := range on {
				if len(images) != 1 || images[0] != fmt.Sprintf("example/agent:%d", c.version) {
					t.Errorf("step %d: on %s run %v", i, machine, images)
				}
			}
		}
		mustRun(t, b, file(0, 2), deploy.Request{Down: true, DeleteData: true})
	})
}

// whereRuns are the images of a service's tasks, by container instance.
func whereRuns(t *testing.T, api *ecs.Client, cluster, service string) map[string][]string {
	t.Helper()
	list, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &cluster, ServiceName: &service})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	if len(list.TaskArns) == 0 {
		return out
	}
	shown, err := api.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: list.TaskArns})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range shown.Tasks {
		if task.LaunchType != types.LaunchTypeEc2 || aws.ToString(task.LastStatus) != "RUNNING" {
			t.Errorf("a task is %s on %s", aws.ToString(task.LastStatus), task.LaunchType)
		}
		at := aws.ToString(task.ContainerInstanceArn)
		out[at] = append(out[at], aws.ToString(task.Containers[0].Image))
	}
	return out
}

// TestAServiceBecomesGlobal: ECS does not change how it schedules a service, so the service is
// replaced under its name, which plan says.
func TestAServiceBecomesGlobal(t *testing.T) {
	t.Parallel()
	file := func(deploy string) *app.App {
		return bed.App(t, "name: shop\nx-berth: {network: {tasks: private, nat: single}, capacity: ec2}\nservices:\n"+
			"  web: {image: \"nginx:1.29\", ports: [\"80:80\"]}\n  agent: {image: \"example/agent:1\", deploy: {"+deploy+"}}\n")
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		for _, mode := range []string{"replicas: 2", "mode: global", "replicas: 1"} {
			a := file(mode)
			mustRun(t, b, a, deploy.Request{})
			unchanged(t, b, a)
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			on := whereRuns(t, p.Clients.ECS, resource.ClusterName(blueprint.Environment(a), p.Region), blueprint.ServiceName(a, p.Region, "agent"))
			if len(on) == 0 {
				t.Errorf("%s: no task runs", mode)
			}
		}
		mustRun(t, b, file("replicas: 1"), deploy.Request{Down: true, DeleteData: true})
	})
}
