package ecs_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestCapacityProviderLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: providerKinds,
		Life:  providerLife, NotOnMoto: "moto has capacity providers of Auto Scaling groups only",
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			w := newProvider(t, cfg)
			first := w.graph()
			w.labels, w.vcpu = map[string]string{"team": "a"}, 4
			return []*engine.Graph{first, w.graph()}
		},
	})
}

func providerKinds(cfg aws.Config) []engine.AnyType {
	clusters := ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
	return []engine.AnyType{
		engine.Erase(clusters), engine.Erase(ecs.CapacityProviders{Clusters: clusters, Tagging: resourcegroupstaggingapi.NewFromConfig(cfg)}),
	}
}

// onMachines is a cluster with a capacity provider.
type onMachines struct {
	ground
	vcpu   int
	gone   bool
	labels map[string]string
}

func newProvider(t *testing.T, cfg aws.Config) onMachines {
	t.Helper()
	w, api := onMachines{ground: newGround(t, cfg), vcpu: 2}, iam.NewFromConfig(cfg)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, service := range map[string]string{"launch": "ecs.amazonaws.com", "machines": "ec2.amazonaws.com"} {
		_, err := api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`)})
		must(err)
	}
	_, err := api.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("machines")})
	must(err)
	typetest.Settle(t, cfg, clock.Wall{})
	_, err = api.AddRoleToInstanceProfile(t.Context(), &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String("machines"), RoleName: aws.String("machines"),
	})
	must(err)
	typetest.Settle(t, cfg, clock.Wall{})
	return w
}

func (w onMachines) graph() *engine.Graph {
	g := engine.NewGraph()
	cluster := g.Add(typetest.Env, "main", ecs.Cluster{
		Name: ecs.ClusterName(typetest.Env, w.region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"}, DefaultStrategy: strategy(), Open: true,
	})
	if !w.gone {
		g.Add(typetest.Stack, "main", ecs.CapacityProvider{
			Name: "shop-main", Cluster: cluster.ARN().WhenReady(), Role: engine.Lit("arn:aws:iam::123456789012:role/launch"),
			Profile: engine.Lit("arn:aws:iam::123456789012:instance-profile/machines"),
			Subnets: engine.Lits(w.subnet), SecurityGroups: engine.Lits(w.group), DiskGiB: 50,
			Instances: ecs.Instances{VCPU: w.vcpu, MemoryMiB: 4096, Types: []string{"m7i.*"}, Makers: []string{"amd", "intel"}, GPUs: 1},
		}).Label(w.labels)
	}
	return g
}

// providerLife takes a capacity provider through its whole life.
func providerLife(t *testing.T, cfg aws.Config, _ clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, clock.Wall{}, providerKinds)
	w := newProvider(t, cfg)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	w.vcpu, w.labels = 8, map[string]string{"team": "a"}
	d.MustPlan("update ecs.capacity-provider/main (instances.VCPU edited, tags.team edited)", w.graph(), false)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)

	taken := engine.Desired[ecs.CapacityProvider]{Address: address("ecs.capacity-provider", "other"), Want: ecs.CapacityProvider{
		Name: "shop-main", Cluster: engine.Lit("arn:aws:ecs:" + cfg.Region + ":123456789012:cluster/" + ecs.ClusterName(typetest.Env, cfg.Region)),
	}, Tags: map[string]string{}}
	providers := ecs.CapacityProviders{Clusters: ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}}
	var mine *engine.TakenError
	if _, err := providers.Create(t.Context(), taken); !errors.As(err, &mine) {
		t.Errorf("creating a provider of a taken name: %v, want a *TakenError", err)
	}

	w.gone = true
	d.MustPlan("delete ecs.capacity-provider/main (no longer in the files)", w.graph(), false)
	d.Up(w.graph(), false)
	d.MustPlan("", w.graph(), true)
	d.Down()
}
