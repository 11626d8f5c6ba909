package ecs_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// TestDaemonLife makes a service one with a task on each instance, and back.
func TestDaemonLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life: func(t *testing.T, cfg aws.Config, _ clock.Clock) {
			t.Helper()
			d, w := newDriver(t, cfg), daemons{desirednew(t, cfg)}
			d.Up(w.on("big", "agent:1"), false)
			d.MustPlan("", w.on("big", "agent:1"), true)
			d.MustPlan("update ecs.task-definition/agent (containers[agent].Image edited)\nupdate ecs.service/agent (task_definition follows ecs.task-definition/agent)", w.on("big", "agent:2"), false)
			d.Up(w.on("big", "agent:2"), false)
			d.MustPlan("", w.on("big", "agent:2"), true)
			for _, to := range []string{"small", "", "big"} {
				d.Up(w.on(to, "agent:2"), false)
				d.MustPlan("", w.on(to, "agent:2"), true)
			}
			d.Down()
		},
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			w := daemons{desirednew(t, cfg)}
			return []*engine.Graph{w.on("", "agent:1"), w.on("big", "agent:1")}
		},
	})
}

// daemons is a stack with a service of which a task is on each instance.
type daemons struct{ desired }

// on is the service on the instances of a capacity provider; with an empty name as a number
// of tasks.
func (w daemons) on(provider, image string) *engine.Graph {
	g := engine.NewGraph()
	cluster := g.Add(typetest.Env, "main", ecs.Cluster{
		Name: ecs.ClusterName(typetest.Env, w.region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"}, DefaultStrategy: strategy(), Insights: w.insights,
	})
	want := ecs.TaskDefinition{
		Family: w.name("agent"), CPU: 256, Memory: 512, Architecture: "X86_64", ExecutionRole: engine.Lit(w.role),
		Containers: []ecs.Container{{Name: "agent", Image: engine.Lit(image), Essential: true}},
	}
	service := ecs.Service{
		Name: w.name("agent"), Cluster: cluster.ARN().WhenReady(), Subnets: engine.Lits(w.subnet), SecurityGroups: engine.Lits(w.group),
		MinPercent: 0, MaxPercent: 100, Breaker: true, Rollback: true, Daemon: provider != "", Instances: provider,
	}
	if want.Capacity = ecs.OnEC2; provider == "" {
		want.Capacity, service.Desired, service.Strategy, service.PublicIP = "", aws.Int(1), strategy(), true
	}
	service.TaskDefinition = g.Add(typetest.Stack, "agent", want).ARN()
	g.Add(typetest.Stack, "agent", service)
	return g
}
