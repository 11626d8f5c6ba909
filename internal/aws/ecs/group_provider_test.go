package ecs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	templates "github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/scalinggroup"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestGroupProviderLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: groupProviderKinds,
		Life:  groupProviderLife, NotOnMoto: "moto has no requirements of instances",
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			w := newProvider(t, cfg)
			first := w.onGroup(true)
			w.labels = map[string]string{"team": "a"}
			return []*engine.Graph{first, w.onGroup(false)}
		},
	})
}

func groupProviderKinds(cfg aws.Config) []engine.AnyType {
	clusters, tagging := ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}, resourcegroupstaggingapi.NewFromConfig(cfg)
	all := templates.LaunchTemplates{API: ec2.NewFromConfig(cfg), Tagging: tagging}
	return []engine.AnyType{
		engine.Erase(clusters), engine.Erase(ecs.GroupProviders{Clusters: clusters, Tagging: tagging}), engine.Erase(all),
		engine.Erase(scalinggroup.Groups{API: autoscaling.NewFromConfig(cfg), Used: all.Used}),
	}
}

// onGroup is a cluster with the capacity provider of an Auto Scaling group.
func (w onMachines) onGroup(draining bool) *engine.Graph {
	g := engine.NewGraph()
	cluster := g.Add(typetest.Env, "main", ecs.Cluster{
		Name: ecs.ClusterName(typetest.Env, w.region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"}, DefaultStrategy: strategy(), Open: true,
	})
	if w.gone {
		return g
	}
	template := g.Add(typetest.Stack, "main", templates.LaunchTemplate{
		Name: "shop-main", Image: "ami-0123456789abcdef0", Profile: engine.Lit("arn:aws:iam::123456789012:instance-profile/machines"),
		SecurityGroups: engine.Lits(w.group), DiskGiB: 30, Metadata: templates.OnlyIMDSv2,
	})
	group := g.Add(typetest.Stack, "main", scalinggroup.Group{
		Name: "shop-main", Template: template.ID(), Version: template.Output(templates.OutputVersion), Subnets: engine.Lits(w.subnet), Max: 3, Protected: true,
		Instances: scalinggroup.Instances{VCPU: 2, MemoryMiB: 4096},
	})
	g.Add(typetest.Stack, "main", ecs.GroupProvider{
		Name: "shop-main", Group: group.ARN(), Cluster: cluster.ARN().WhenReady(), Scaling: true, Protection: true, Draining: draining,
	}).Label(w.labels)
	return g
}

// groupProviderLife takes a capacity provider through its whole life.
func groupProviderLife(t *testing.T, cfg aws.Config, _ clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, clock.Wall{}, groupProviderKinds)
	w, api := newProvider(t, cfg), sdk.NewFromConfig(cfg)
	d.Up(w.onGroup(true), false)
	d.MustPlan("", w.onGroup(true), true)

	w.labels = map[string]string{"team": "a"}
	d.MustPlan("update ecs.group-provider/main (draining edited, tags.team edited)", w.onGroup(false), false)
	d.Up(w.onGroup(false), false)
	d.MustPlan("", w.onGroup(false), true)

	// Somebody takes it from the cluster.
	time.Sleep(5 * time.Minute)
	_, err := api.PutClusterCapacityProviders(t.Context(), &sdk.PutClusterCapacityProvidersInput{
		Cluster: aws.String(ecs.ClusterName(typetest.Env, cfg.Region)), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Base: 1}, {CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update ecs.group-provider/main (cluster changed outside berth)", w.onGroup(false), false)
	d.Up(w.onGroup(false), false)
	d.MustPlan("", w.onGroup(false), true)

	taken := engine.Desired[ecs.GroupProvider]{Address: address("ecs.group-provider", "other"), Want: ecs.GroupProvider{
		Name: "shop-main", Cluster: engine.Lit("arn:aws:ecs:" + cfg.Region + ":123456789012:cluster/" + ecs.ClusterName(typetest.Env, cfg.Region)),
	}, Tags: map[string]string{}}
	providers := ecs.GroupProviders{Clusters: ecs.Clusters{API: api, Region: cfg.Region}}
	var mine *engine.TakenError
	if _, err := providers.Create(t.Context(), taken); !errors.As(err, &mine) {
		t.Errorf("creating a provider of a taken name: %v, want a *TakenError", err)
	}

	w.gone = true
	d.Up(w.onGroup(false), false)
	d.MustPlan("", w.onGroup(false), true)
	d.Down()
}
