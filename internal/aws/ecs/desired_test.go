package ecs_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// desired is a stack with a job and services.
type desired struct {
	ground
	image string
	// alone stops the old tasks before it starts new ones.
	alone    bool
	jobImage string
	desired  int
	insights string
	trigger  string
	labels   map[string]string
	// spare adds a second service.
	spare, noRollback bool
	// prefer moves tasks on demand for which Spot has no capacity.
	prefer bool
}

func desirednew(t *testing.T, cfg aws.Config) desired {
	t.Helper()
	return desired{
		ground: newGround(t, cfg), image: "nginx:1", jobImage: "migrate:1", desired: 1,
		insights: "disabled", trigger: "one",
	}
}

func (w desired) graph() *engine.Graph {
	g := engine.NewGraph()
	env, stack := typetest.Env, typetest.Stack
	subnets, groups, role := engine.Lits(w.subnet), engine.Lits(w.group), engine.Lit(w.role)
	cluster := g.Add(env, "main", ecs.Cluster{
		Name: ecs.ClusterName(env, w.region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultStrategy: strategy(), Insights: w.insights,
	})
	task := func(name, image string) *engine.Node {
		return g.Add(stack, name, ecs.TaskDefinition{
			Family: w.name(name), CPU: 256, Memory: 512, Architecture: "X86_64",
			ExecutionRole: role, TaskRole: role, Containers: []ecs.Container{{
				Name: name, Image: engine.Lit(image), Essential: true, Environment: map[string]string{"B": "2", "A": "1"},
				Ports: []ecs.PortMapping{{Port: 80}}, CapDrop: []string{"NET_RAW", "ALL"},
				Health: &ecs.HealthCheck{Command: []string{"CMD", "true"}, Interval: 5, Timeout: 4},
			}},
		}).Label(w.labels)
	}
	job := g.Add(stack, "migrate", ecs.Job{
		Cluster: cluster.ARN().WhenReady(), TaskDefinition: task("migrate", w.jobImage).ARN(),
		Subnets: subnets, SecurityGroups: groups, PublicIP: true,
		Family: w.name("migrate"), Trigger: w.trigger,
	})
	least, most := 100, 200
	if w.alone {
		least, most = 0, 100
	}
	service := func(name string, desired int) {
		g.Add(stack, name, ecs.Service{
			Name: w.name(name), Cluster: cluster.ARN().WhenReady(), TaskDefinition: task(name, w.image).ARN(),
			Desired: &desired, Strategy: strategy(), Subnets: subnets,
			SecurityGroups: groups, PublicIP: true,
			MinPercent: least, MaxPercent: most, Rebalance: most > 100, Breaker: true, Rollback: !w.noRollback, PreferSpot: w.prefer,
		}).Label(w.labels).After(job, engine.Ready)
	}
	service("web", w.desired)
	if w.spare {
		service("spare", 1)
	}
	return g
}

func (w desired) name(original string) string {
	return naming.Name(typetest.Stack, w.region, original, 255)
}

func strategy() []ecs.StrategyItem {
	return []ecs.StrategyItem{{Provider: "FARGATE", Base: 1}, {Provider: "FARGATE_SPOT", Weight: 1}}
}
