package ecs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	clients "github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLifeOnMoto(t *testing.T) {
	t.Parallel()
	life(t, typetest.Moto(t))
}

func TestLifeInSandbox(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, life)
}

func newDriver(t *testing.T, cfg aws.Config) *typetest.Driver {
	t.Helper()
	return typetest.New(t, cfg, clock.Wall{}, func(cfg aws.Config) []engine.AnyType {
		return clients.Types(clients.NewClients(cfg), clients.Place{
			Account: "123456789012", Region: cfg.Region, Partition: "aws", Clock: clock.Wall{},
		})
	})
}

// wish is a stack with a job and a service.
type wish struct {
	region       string
	image        string
	jobImage     string
	desired      int
	insights     string
	trigger      string
	labels       map[string]string
	withoutSpare bool
	noRollback   bool
}

func (w wish) graph() *engine.Graph {
	g := engine.NewGraph()
	env, stack := typetest.Env, typetest.Stack
	vpc := g.Add(env, "main", ec2.VPC{CIDR: "10.9.0.0/16", DNSHostnames: true, DNSSupport: true})
	gate := g.Add(env, "main", ec2.InternetGateway{VPC: vpc.ID()})
	subnet := g.Add(env, "a", ec2.Subnet{VPC: vpc.ID(), CIDR: "10.9.0.0/24", Zone: w.region + "a"})
	table := g.Add(env, "a", ec2.RouteTable{VPC: vpc.ID()})
	route := g.Add(env, "a", ec2.Route{RouteTable: table.ID(), Destination: "0.0.0.0/0", InternetGateway: gate.ID()})
	via := g.Add(env, "a", ec2.RouteTableAssociation{RouteTable: table.ID(), Subnet: subnet.ID()})
	linked := g.Add(env, "ecs", iam.ServiceLinkedRole{Service: "ecs.amazonaws.com"})
	group := g.Add(stack, "web", ec2.SecurityGroup{VPC: vpc.ID(), Name: "web", Description: "web"})
	role := g.Add(stack, "execution", iam.Role{
		Name: "execution-abcd234567", Path: "/berth/shop-dev/shop/", Service: "ecs-tasks.amazonaws.com",
	})
	cluster := g.Add(env, "main", ecs.Cluster{
		Name: ecs.ClusterName(env, w.region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultStrategy: strategy(), Insights: w.insights,
	}).After(linked, engine.Ready)
	task := func(name, image string) *engine.Node {
		return g.Add(stack, name, ecs.TaskDefinition{
			Family: w.name(name), CPU: 256, Memory: 512, Architecture: "X86_64",
			ExecutionRole: role.ARN(), TaskRole: role.ARN(), Containers: []ecs.Container{{
				Name: name, Image: image, Essential: true, Environment: map[string]string{"B": "2", "A": "1"},
				Ports: []ecs.PortMapping{{Port: 80}}, CapDrop: []string{"NET_RAW", "ALL"},
				Health: &ecs.HealthCheck{Command: []string{"CMD", "true"}, Interval: 5, Timeout: 4},
			}},
		}).Label(w.labels)
	}
	job := g.Add(stack, "migrate", ecs.Job{
		Cluster: cluster.ARN().WhenReady(), TaskDefinition: task("migrate", w.jobImage).ARN(),
		Subnets: []engine.Ref{subnet.ID()}, SecurityGroups: []engine.Ref{group.ID()}, PublicIP: true,
		Family: w.name("migrate"), Trigger: w.trigger,
	}).After(route, engine.Ready).After(via, engine.Ready).After(role, engine.Ready)
	service := func(name string, desired int) {
		g.Add(stack, name, ecs.Service{
			Name: w.name(name), Cluster: cluster.ARN().WhenReady(), TaskDefinition: task(name, w.image).ARN(),
			Desired: desired, Strategy: strategy(), Subnets: []engine.Ref{subnet.ID()},
			SecurityGroups: []engine.Ref{group.ID()}, PublicIP: true,
			MinPercent: 100, MaxPercent: 200, Breaker: true, Rollback: !w.noRollback,
		}).Label(w.labels).After(job, engine.Ready)
	}
	service("web", w.desired)
	if !w.withoutSpare {
		service("spare", 1)
	}
	return g
}

func (w wish) name(original string) string {
	return engine.Name(typetest.Stack, w.region, original, 255)
}

func strategy() []ecs.StrategyItem {
	return []ecs.StrategyItem{{Provider: "FARGATE", Base: 1}, {Provider: "FARGATE_SPOT", Weight: 1}}
}

// life takes all types of the package through their whole lives.
func life(t *testing.T, cfg aws.Config) {
	d := newDriver(t, cfg)
	w := wish{region: cfg.Region, image: "nginx:1", jobImage: "migrate:1", desired: 1, insights: "disabled", trigger: "one"}
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.image, w.labels = "nginx:2", map[string]string{"team": "a"}
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.desired, w.insights, w.withoutSpare = 2, "enabled", true
	d.MustPlan("update ecs.cluster/main (insights edited)\n"+
		"update ecs.service/web (desired edited)\n"+
		"delete ecs.task-definition/spare (not wanted any more)\n"+
		"delete ecs.service/spare (not wanted any more)", w.graph(), false)
	if cfg.BaseEndpoint != nil {
		w.desired = 1 // moto runs as many tasks as its server was told
	}
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.trigger = "two"
	d.MustPlan("update ecs.job/migrate (trigger differs)", w.graph(), false)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)
	d.Down()
}

// TestNothingTwice makes everything once more as after lost answers.
func TestNothingTwice(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d := newDriver(t, cfg)
		w := wish{region: cfg.Region, image: "nginx:1", jobImage: "migrate:1", desired: 1, trigger: "one"}
		d.Up(w.graph(), false)
		services := ecs.Services{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
		clusters := ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
		live, ok := d.World(w.graph(), false).Live(address("ecs.service", "web"))
		if !ok {
			t.Fatal("the service is not listed")
		}
		want := ecs.Service{
			Name: live.Output("name"), Cluster: engine.Lit(live.Attrs["cluster"]),
			TaskDefinition: engine.Lit(live.Attrs["task_definition"]), Desired: 1, MinPercent: 50, MaxPercent: 200,
			Strategy: strategy(),
		}
		again := engine.Wish[ecs.Service]{Address: live.Address, Want: want, Tags: live.Tags, Token: "other"}
		taken := again
		taken.Address = address("ecs.service", "someone")
		var mine *engine.TakenError
		if _, err := services.Create(t.Context(), taken); !errors.As(err, &mine) || mine.Owner != "stack/shop-dev/shop" {
			t.Errorf("creating a service of a taken name: %v, want a *TakenError", err)
		}
		cluster := engine.Wish[ecs.Cluster]{
			Address: address("ecs.cluster", "other"), Want: ecs.Cluster{Name: ecs.ClusterName(typetest.Env, cfg.Region)},
			Tags: map[string]string{},
		}
		if _, err := clusters.Create(t.Context(), cluster); !errors.As(err, &mine) || mine.Owner != "env/shop-dev" {
			t.Errorf("creating a cluster of a taken name: %v, want a *TakenError", err)
		}
	})
}

func address(typ, name string) engine.Address {
	return engine.Address{Owner: typetest.Stack, Type: typ, Name: name}
}

// TestDrift finds what others have changed.
func TestDrift(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d, api := newDriver(t, cfg), sdk.NewFromConfig(cfg)
		w := wish{region: cfg.Region, image: "nginx:1", jobImage: "migrate:1", desired: 1, trigger: "one", insights: "disabled"}
		d.Up(w.graph(), false)
		cluster := ecs.ClusterName(typetest.Env, cfg.Region)
		_, err := api.UpdateService(t.Context(), &sdk.UpdateServiceInput{
			Cluster: &cluster, Service: aws.String(w.name("web")), DesiredCount: aws.Int32(2),
			DeploymentConfiguration: &types.DeploymentConfiguration{
				MinimumHealthyPercent: aws.Int32(0), MaximumPercent: aws.Int32(100),
				DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = api.PutClusterCapacityProviders(t.Context(), &sdk.PutClusterCapacityProvidersInput{
			Cluster: &cluster, CapacityProviders: []string{"FARGATE"},
			DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{},
		})
		if err != nil {
			t.Fatal(err)
		}
		d.MustPlan("update ecs.cluster/main (capacity_providers[] changed outside berth, default_strategy[] changed outside berth, default_strategy[] changed outside berth)\n"+
			"update ecs.service/web (min_percent changed outside berth, max_percent changed outside berth)", w.graph(), false)
		d.Up(w.graph(), false)
		d.MustPlan("", w.graph(), true)
	})
}

// TestFailures tells of services and jobs that fail, and goes on after them.
func TestFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// break and mend change what is deployed.
		breaks, mends func(*wish)
		want          string
	}{
		{
			"job fails", func(w *wish) { w.jobImage, w.trigger = "sandbox/exit:3", "two" },
			func(w *wish) { w.jobImage, w.trigger = "migrate:2", "three" }, "exit code 3",
		},
		{
			"crash loop rolled back", func(w *wish) { w.image = "sandbox/crash" },
			func(w *wish) { w.image = "nginx:2" }, "rolling back",
		},
		{
			"crash loop left", func(w *wish) { w.image, w.noRollback = "sandbox/crash", true },
			func(w *wish) { w.image = "nginx:2" }, "tasks failed to start",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
				d := newDriver(t, cfg)
				w := wish{region: cfg.Region, image: "nginx:1", jobImage: "migrate:1", desired: 1, trigger: "one", insights: "disabled", withoutSpare: true}
				d.Up(w.graph(), false)
				tt.breaks(&w)
				for range 2 { // the second try does not find the first one's task
					err := d.Try(t.Context(), w.graph(), false, engine.PlanOptions{})
					var failed *engine.NotReadyError
					if !errors.As(err, &failed) || !strings.Contains(failed.Detail, tt.want) {
						t.Fatalf("up: %v, want it to say %q", err, tt.want)
					}
				}
				tt.mends(&w)
				d.Up(w.graph(), false)
				d.MustPlan("", w.graph(), true)
				d.Down()
			})
		})
	}
}
