package ecs_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func clusterKinds(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region})}
}

// desiredCluster is a cluster with every field set.
func desiredCluster(cfg aws.Config) ecs.Cluster {
	return ecs.Cluster{
		Name: ecs.ClusterName(typetest.Env, cfg.Region), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultStrategy: []ecs.StrategyItem{{Provider: "FARGATE", Base: 2, Weight: 1}, {Provider: "FARGATE_SPOT", Weight: 3}},
		Insights:        "enabled", Connect: "shop",
		Exec: &ecs.ExecConfig{KMSKey: "alias/exec", Logs: ecs.ExecLogs{LogGroup: "/exec", LogGroupEncrypted: true, Bucket: "b", BucketPrefix: "p/"}},
	}
}

func clusterGraph(c ecs.Cluster) *engine.Graph {
	g := engine.NewGraph()
	g.Add(typetest.Env, "main", c)
	return g
}

func TestClusterLifeOnMoto(t *testing.T) {
	t.Parallel()
	clusterLife(t, typetest.Moto(t))
}

func TestClusterLifeInSandbox(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, clusterLife)
}

func clusterLife(t *testing.T, cfg aws.Config) {
	t.Helper()
	d := typetest.New(t, cfg, clock.Wall{}, clusterKinds)
	c := desiredCluster(cfg)
	steps := []struct {
		name string
		edit func()
		plan string
	}{
		{"made", func() {}, "create ecs.cluster/main (does not exist yet)"},
		{"exec edited", func() { c.Exec = &ecs.ExecConfig{Logging: "NONE"} },
			"update ecs.cluster/main (exec.KMSKey edited, exec.Logging edited, exec.Logs.Bucket edited, exec.Logs.BucketPrefix edited, exec.Logs.LogGroup edited, exec, and 1 more changes edited)"},
		{"exec left out", func() { c.Exec = nil }, "update ecs.cluster/main (exec.Logging edited)"},
		{"another namespace", func() { c.Connect = "other" }, "update ecs.cluster/main (connect edited)"},
		{"no namespace", func() { c.Connect = "" }, "update ecs.cluster/main (connect edited)"},
		{"no strategy", func() { c.DefaultStrategy = nil },
			"update ecs.cluster/main (default_strategy[] edited, default_strategy[] edited)"},
		{"no providers", func() { c.CapacityProviders = nil }, "update ecs.cluster/main (capacity_providers[] edited, capacity_providers[] edited)"},
		{"enhanced", func() { c.Insights = "enhanced" }, "update ecs.cluster/main (insights edited)"},
	}
	for _, s := range steps {
		s.edit()
		t.Log(s.name)
		if s.name != "exec edited" { // the words for many changes are the engine's
			d.MustPlan(s.plan, clusterGraph(c), false)
		}
		d.Up(clusterGraph(c), false)
		d.MustPlan("", clusterGraph(c), true)
	}
	d.Down()
}

// TestSilence checks that berth leaves to others what the desired state does
// not set.
func TestSilence(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d, api := typetest.New(t, cfg, clock.Wall{}, clusterKinds), sdk.NewFromConfig(cfg)
		full := desiredCluster(cfg)
		c := ecs.Cluster{Name: full.Name}
		d.Up(clusterGraph(c), false)
		typetest.Settle(t, cfg, clock.Wall{})
		_, err := api.PutClusterCapacityProviders(t.Context(), &sdk.PutClusterCapacityProvidersInput{
			Cluster: &c.Name, CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
			DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{
				{CapacityProvider: aws.String("FARGATE"), Weight: 1}, {CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 2},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = api.UpdateCluster(t.Context(), &sdk.UpdateClusterInput{
			Cluster: &c.Name, ServiceConnectDefaults: &types.ClusterServiceConnectDefaultsRequest{Namespace: aws.String("x")},
			Configuration: &types.ClusterConfiguration{
				ExecuteCommandConfiguration: &types.ExecuteCommandConfiguration{Logging: types.ExecuteCommandLoggingNone},
				ManagedStorageConfiguration: &types.ManagedStorageConfiguration{KmsKeyId: aws.String("storage")},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		d.MustPlan("", clusterGraph(c), true)
		// If only the providers change, the rest of the strategy stays; a new
		// configuration keeps the storage's.
		c.CapacityProviders, c.Exec = []string{"FARGATE_SPOT"}, &ecs.ExecConfig{Logging: "DEFAULT"}
		d.Up(clusterGraph(c), false)
		d.MustPlan("", clusterGraph(c), true)
		out, err := api.DescribeClusters(t.Context(), &sdk.DescribeClustersInput{Clusters: []string{c.Name}, Include: []types.ClusterField{"CONFIGURATIONS"}})
		if err != nil {
			t.Fatal(err)
		}
		now := out.Clusters[0]
		if s := now.DefaultCapacityProviderStrategy; len(s) != 1 || *s[0].CapacityProvider != "FARGATE_SPOT" || s[0].Weight != 2 {
			t.Errorf("strategy: %v", s)
		}
		if m := now.Configuration.ManagedStorageConfiguration; m == nil || *m.KmsKeyId != "storage" {
			t.Error("the storage's configuration is lost")
		}
		c.CapacityProviders = []string{} // an empty list does set it
		d.Up(clusterGraph(c), false)
		d.MustPlan("", clusterGraph(c), true)
	})
}

// TestFind finds clusters by their names, with any owner or none.
func TestFind(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d := typetest.New(t, cfg, clock.Wall{}, clusterKinds)
		c := desiredCluster(cfg)
		d.Up(clusterGraph(c), false)
		api := sdk.NewFromConfig(cfg)
		if _, err := api.CreateCluster(t.Context(), &sdk.CreateClusterInput{ClusterName: aws.String("someones")}); err != nil {
			t.Fatal(err)
		}
		typetest.Settle(t, cfg, clock.Wall{})
		var wanted []engine.Wanted
		for _, name := range []string{c.Name, "someones", "nobodys"} {
			wanted = append(wanted, engine.Wanted{Resource: ecs.Cluster{Name: name}})
		}
		found, err := ecs.Clusters{API: api, Region: cfg.Region}.Find(t.Context(), engine.Query{Wanted: wanted})
		if err != nil {
			t.Fatal(err)
		}
		owners := map[string]string{}
		for _, l := range found {
			owners[l.ID] = l.Address.Owner.String()
		}
		if len(owners) != 2 || owners[c.Name] != "env/shop-dev" || owners["someones"] != "env/" {
			t.Errorf("found %v", owners)
		}
	})
}

// TestContents lists what is in a cluster and removes it.
func TestContents(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d := newDriver(t, cfg)
		w := desirednew(t, cfg)
		d.Up(w.graph(), false)
		clusters := ecs.Clusters{API: sdk.NewFromConfig(cfg), Region: cfg.Region}
		name := ecs.ClusterName(typetest.Env, cfg.Region)
		typetest.Settle(t, cfg, clock.Wall{})
		inside, err := clusters.Inside(t.Context(), name)
		if err != nil || inside.Empty() {
			t.Fatalf("%v, %v", inside, err)
		}
		if text := inside.String(); !strings.HasPrefix(text, "1 service (web-") || !strings.Contains(text, ", 1 task (") {
			t.Errorf("contents: %s", text)
		}
		for range 20 {
			if inside, err = clusters.Inside(t.Context(), name); err != nil {
				t.Fatal(err)
			}
			if inside.Empty() {
				break
			}
			if err := clusters.Drain(t.Context(), name, inside); err != nil {
				t.Fatal(err)
			}
			typetest.Settle(t, cfg, clock.Wall{})
		}
		if !inside.Empty() {
			t.Errorf("still inside: %s", inside)
		}
	})
}

// TestClusterCrashPoints disturbs every call in the life of a cluster with
// every field set.
func TestClusterCrashPoints(t *testing.T) {
	t.Parallel()
	typetest.CrashPoints(t, typetest.Story{
		Kinds: clusterKinds,
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			c := desiredCluster(cfg)
			first := clusterGraph(c)
			c.Exec, c.Connect, c.CapacityProviders, c.DefaultStrategy = &ecs.ExecConfig{Logging: "NONE"}, "", []string{"FARGATE"}, nil
			c.Insights = "disabled"
			second := clusterGraph(c)
			return []*engine.Graph{first, second}
		},
	})
}
