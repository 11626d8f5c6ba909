package ecs_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			w := desirednew(t, cfg)
			first := w.graph()
			w.image, w.trigger, w.labels = "nginx:2", "two", map[string]string{"team": "a"}
			return []*engine.Graph{first, w.graph()}
		},
	})
}

func newDriver(t *testing.T, cfg aws.Config) *typetest.Driver {
	t.Helper()
	return typetest.New(t, cfg, clock.Wall{}, kinds)
}

func kinds(cfg aws.Config) []engine.AnyType {
	api := sdk.NewFromConfig(cfg, ecs.Lenient)
	definitions := ecs.TaskDefinitions{API: api, Region: cfg.Region}
	return []engine.AnyType{
		engine.Erase(ecs.Clusters{API: api, Region: cfg.Region}), engine.Erase(definitions),
		engine.Erase(ecs.Jobs{TaskDefinitions: definitions}),
		engine.Erase(ecs.Services{API: api, Region: cfg.Region}),
	}
}

// life takes all types of the package through their whole lives.
func life(t *testing.T, cfg aws.Config, _ clock.Clock) {
	t.Helper()
	d := newDriver(t, cfg)
	w := desirednew(t, cfg)
	w.spare = true
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.image, w.labels, w.prefer = "nginx:2", map[string]string{"team": "a"}, true
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.desired, w.insights, w.spare = 2, "enabled", false
	d.MustPlan("update ecs.cluster/main (insights edited)\n"+
		"update ecs.service/web (desired edited)\n"+
		"delete ecs.task-definition/spare (no longer in the files)\n"+
		"delete ecs.service/spare (no longer in the files)", w.graph(), false)
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
		w := desirednew(t, cfg)
		d.Up(w.graph(), false)
		services := ecs.Services{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
		clusters := ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
		object, ok := d.World(w.graph(), false).Object(address("ecs.service", "web"))
		if !ok {
			t.Fatal("the service is not listed")
		}
		want := ecs.Service{
			Name: object.Output("name"), Cluster: engine.Lit(object.Attrs["cluster"]),
			TaskDefinition: engine.Lit(object.Attrs["task_definition"]), Desired: aws.Int(1), MinPercent: 50, MaxPercent: 200,
			Strategy: strategy(),
		}
		again := engine.Desired[ecs.Service]{Address: object.Address, Want: want, Tags: object.Tags, Token: "other"}
		taken := again
		taken.Address = address("ecs.service", "someone")
		var mine *engine.TakenError
		if _, err := services.Create(t.Context(), taken); !errors.As(err, &mine) || mine.Owner != "stack/shop-dev/shop" {
			t.Errorf("creating a service of a taken name: %v, want a *TakenError", err)
		}
		cluster := engine.Desired[ecs.Cluster]{
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
		w := desirednew(t, cfg)
		d.Up(w.graph(), false)
		cluster := ecs.ClusterName(typetest.Env, cfg.Region)
		_, err := api.UpdateService(t.Context(), &sdk.UpdateServiceInput{
			Cluster: &cluster, Service: aws.String(w.name("web")), DesiredCount: aws.Int32(2),
			DeploymentConfiguration: &types.DeploymentConfiguration{
				MinimumHealthyPercent: aws.Int32(0), MaximumPercent: aws.Int32(100),
				DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
			},
			AvailabilityZoneRebalancing: types.AvailabilityZoneRebalancingDisabled,
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
			"update ecs.service/web (min_percent changed outside berth, max_percent changed outside berth, rebalance changed outside berth)", w.graph(), false)
		d.Up(w.graph(), false)
		d.MustPlan("", w.graph(), true)
	})
}

// TestDeletedMeanwhile updates a service that somebody deletes after it was
// listed: it is refused as long as it drains, and then made anew.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d, api := newDriver(t, cfg), sdk.NewFromConfig(cfg)
		w := desirednew(t, cfg)
		d.Up(w.graph(), false)
		cluster := ecs.ClusterName(typetest.Env, cfg.Region)
		services := ecs.Services{API: api, Region: cfg.Region}
		object, ok := d.World(w.graph(), false).Object(address("ecs.service", "web"))
		if !ok {
			t.Fatal("the service is not listed")
		}
		_, err := api.DeleteService(t.Context(), &sdk.DeleteServiceInput{Cluster: &cluster, Service: &object.ID, Force: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
		again := engine.Desired[ecs.Service]{Address: object.Address, Tags: object.Tags, Token: "again", Want: ecs.Service{
			Name: object.Output("name"), Cluster: engine.Lit(object.Attrs["cluster"]), TaskDefinition: engine.Lit(object.Attrs["task_definition"]),
			Desired: aws.Int(1), MinPercent: 50, MaxPercent: 200, Strategy: strategy(), Subnets: engine.Lits(w.subnet), SecurityGroups: engine.Lits(w.group),
		}}
		refused := 0
		for {
			_, err := services.Update(t.Context(), again, object, []string{"min_percent"})
			if err == nil {
				break
			}
			if engine.ClassOf(err) != engine.Conflict || refused > 120 {
				t.Fatalf("updating a service that is being deleted: %v, want a conflict that passes", err)
			}
			refused++
			time.Sleep(time.Second)
		}
		typetest.Settle(t, cfg, clock.Wall{})
		out, err := api.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: &cluster, Services: []string{object.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Services[0]; aws.ToString(got.Status) != "ACTIVE" || *got.DeploymentConfiguration.MinimumHealthyPercent != 50 {
			t.Errorf("the service is %s with %d%%", aws.ToString(got.Status), *got.DeploymentConfiguration.MinimumHealthyPercent)
		}
		if refused == 0 {
			t.Error("nothing was refused: the service did not drain")
		}
	})
}

// TestBounds goes from bounds that let new tasks start first to bounds that do
// not, and back: AWS checks them against the rebalancing that a service has.
func TestBounds(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		for _, first := range []bool{false, true} {
			d := newDriver(t, cfg)
			w := desirednew(t, cfg)
			w.alone = first
			d.Up(w.graph(), false)
			d.MustPlan("", w.graph(), true)
			for range 2 {
				w.alone = !w.alone
				d.MustPlan("update ecs.service/web (min_percent edited, max_percent edited, rebalance edited)", w.graph(), false)
				d.Up(w.graph(), false)
				d.MustPlan("", w.graph(), true)
			}
			d.Down()
		}
	})
}

// TestFailures tells of services and jobs that fail, and goes on after them.
func TestFailures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// break and mend change what is deployed.
		breaks, mends func(*desired)
		want          string
	}{
		{
			"job fails", func(w *desired) { w.jobImage, w.trigger = "sandbox/exit:3", "two" },
			func(w *desired) { w.jobImage, w.trigger = "migrate:2", "three" }, "exit code 3",
		},
		{
			"crash loop rolled back", func(w *desired) { w.image = "sandbox/crash" },
			func(w *desired) { w.image = "nginx:2" }, "tasks failed to start. ECS went back to web-5hdjfkcpuq:1.",
		},
		{
			"crash loop left", func(w *desired) { w.image, w.noRollback = "sandbox/crash", true },
			func(w *desired) { w.image = "nginx:2" }, "tasks failed to start",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
				d := newDriver(t, cfg)
				w := desirednew(t, cfg)
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
