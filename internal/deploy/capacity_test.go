package deploy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// onInstances is a project whose tasks run on an existing capacity provider.
const onInstances = `name: shop
x-berth:
  network: {tasks: private, nat: single}
  capacity: big
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    cpus: 3
    mem_limit: 20g
    depends_on:
      migrate: {condition: service_completed_successfully}
  small:
    image: busybox:1.37
    command: [sleep, infinity]
    x-berth: {capacity: fargate}
  migrate:
    image: example/migrate:1
    restart: "no"
`

// TestOnAnExistingCapacityProvider runs tasks on instances that others have set up: they
// come when tasks need them, and what was there before is there afterwards.
func TestOnAnExistingCapacityProvider(t *testing.T) {
	t.Parallel()
	a := bed.App(t, onInstances)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		b.World.AddCapacityProvider("big")
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		again, err := p.Plan(t.Context(), deploy.Request{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if !again.Empty() {
			t.Errorf("the second plan is not empty:\n%s", again)
		}
		api := ecs.NewFromConfig(b.World.Config())
		clusters, err := api.ListClusters(t.Context(), &ecs.ListClustersInput{})
		if err != nil {
			t.Fatal(err)
		}
		cluster := &clusters.ClusterArns[0]
		tasks, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: cluster})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := api.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: cluster, Tasks: tasks.TaskArns})
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range shown.Tasks {
			on := aws.ToString(task.CapacityProviderName)
			if inst := task.ContainerInstanceArn != nil; inst != (on == "big") || inst == strings.Contains(aws.ToString(task.Group), "small") {
				t.Errorf("%s is on %s %s", aws.ToString(task.Group), on, aws.ToString(task.ContainerInstanceArn))
			}
		}
		if _, err := b.Run(t.Context(), a, deploy.Request{Down: true, DeleteData: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		after := b.World.Dump()
		if strings.Contains(after, "ecs.machine") || !strings.Contains(after, "ecs.capacity-provider") {
			t.Errorf("after down there is:\n%s", after)
		}
	})
}

// managed is a project on Managed Instances: two services share their instances, and one
// has its own.
const managed = `name: shop
x-berth:
  network: {tasks: private, nat: single}
  capacity: managed
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    depends_on:
      migrate: {condition: service_completed_successfully}
  api:
    image: nginx:1.29
    expose: ["80"]
    environment: [PW]
  big:
    image: busybox:1.37
    command: [sleep, infinity]
    cpus: 12
    x-berth: {instances: {types: ["m7i.*"], disk_gib: 100}}
  migrate:
    image: example/migrate:1
    restart: "no"
`

// TestManagedInstances goes through the life of a project on Managed Instances.
func TestManagedInstances(t *testing.T) {
	t.Parallel()
	if err := bed.Life(t, bed.App(t, managed)); err != nil {
		t.Error(err)
	}
}

// TestEC2Instances goes through the life of the same project on the instances of Auto
// Scaling groups.
func TestEC2Instances(t *testing.T) {
	t.Parallel()
	if err := bed.Life(t, bed.App(t, strings.Replace(managed, "capacity: managed", "capacity: ec2", 1))); err != nil {
		t.Error(err)
	}
}

// TestGPUSamples runs the samples that need a GPU, on Managed Instances.
func TestGPUSamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"vllm", "python-implicit-gpu"} {
		text, err := os.ReadFile(filepath.Join("../blueprint/testdata/samples", name, "compose.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := bed.Life(t, bed.App(t, "x-berth: {network: {tasks: private, nat: single}, capacity: managed}\n"+string(text))); err != nil {
				t.Error(err)
			}
		})
	}
}
