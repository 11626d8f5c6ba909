package ecs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/engine"
)

// Cluster is an ECS cluster. Outputs: id (the name), arn.
type Cluster struct {
	Name string `attr:"name,replace"`
	// CapacityProviders are FARGATE and FARGATE_SPOT.
	CapacityProviders []string       `attr:"capacity_providers,set"`
	DefaultStrategy   []StrategyItem `attr:"default_strategy,set"`
	// Insights is the containerInsights setting: disabled, enabled, enhanced.
	Insights string `attr:"insights"`
}

// StrategyItem is one line of a capacity provider strategy.
type StrategyItem struct {
	Provider     string
	Base, Weight int
}

// Type implements engine.Resource.
func (Cluster) Type() string { return "ecs.cluster" }

// Clusters is the type of Cluster.
type Clusters struct {
	API    *ecs.Client
	Region string
}

// Spec implements engine.Type. CreateCluster returns a cluster of the name that
// exists (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html),
// so its mark is checked afterwards.
func (Clusters) Spec() engine.Spec {
	return engine.Spec{
		Name: Cluster{}.Type(), Identity: engine.SilentName, ReadyIn: time.Second,
		DeletesAfter: []string{Service{}.Type(), Job{}.Type()},
	}
}

// List implements engine.Type.
func (t Clusters) List(ctx context.Context, q engine.Query) ([]engine.Live, error) {
	var names []string
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			names = append(names, ClusterName(o, t.Region))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	found, err := t.describe(ctx, names)
	if err != nil {
		return nil, err
	}
	var lives []engine.Live
	for _, c := range found {
		if live, ok := clusterLive(c); ok {
			lives = append(lives, live)
		}
	}
	return lives, nil
}

// describe leaves out clusters that are deleted: ECS shows them as INACTIVE
// for a while.
func (t Clusters) describe(ctx context.Context, names []string) ([]types.Cluster, error) {
	out, err := t.API.DescribeClusters(ctx, &ecs.DescribeClustersInput{
		Clusters: names,
		Include:  []types.ClusterField{types.ClusterFieldTags, types.ClusterFieldSettings, types.ClusterFieldConfigurations},
	})
	if err != nil {
		return nil, fmt.Errorf("reading the cluster: %w", err)
	}
	return slices.DeleteFunc(out.Clusters, func(c types.Cluster) bool { return aws.ToString(c.Status) == "INACTIVE" }), nil
}

func clusterLive(c types.Cluster) (engine.Live, bool) {
	shown := Cluster{
		Name: aws.ToString(c.ClusterName), CapacityProviders: c.CapacityProviders,
		DefaultStrategy: strategyShown(c.DefaultCapacityProviderStrategy),
	}
	hidden := []string{"insights"}
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			shown.Insights, hidden = aws.ToString(s.Value), nil
		}
	}
	tags := tagMap(c.Tags)
	mark, ok := engine.MarkOf(tags)
	live := engine.Live{
		Address: mark.Address, ID: shown.Name, Asked: mark.Asked, Tags: tags, Detail: aws.ToString(c.Status),
		Outputs: map[string]string{"id": shown.Name, "arn": aws.ToString(c.ClusterArn)},
		Attrs:   engine.Shown(shown, hidden...), State: engine.StateReady,
	}
	switch aws.ToString(c.Status) {
	case "PROVISIONING":
		live.State = engine.StatePending
	case "DEPROVISIONING":
		live.State = engine.StateDeleting
	case "FAILED":
		live.State = engine.StateFailed
	}
	return live, ok
}

// Look implements engine.Looker.
func (t Clusters) Look(ctx context.Context, lives []engine.Live) ([]engine.Live, error) {
	var names []string
	for _, l := range lives {
		names = append(names, l.ID)
	}
	found, err := t.describe(ctx, names)
	if err != nil {
		return nil, err
	}
	var out []engine.Live
	for _, c := range found {
		live, _ := clusterLive(c)
		out = append(out, live)
	}
	return out, nil
}

// Create implements engine.Type.
func (t Clusters) Create(ctx context.Context, w engine.Wish[Cluster]) (engine.Live, error) {
	out, err := t.API.CreateCluster(ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String(w.Want.Name), Tags: tagsOf(w.Tags),
		CapacityProviders: w.Want.CapacityProviders, DefaultCapacityProviderStrategy: strategyInput(w.Want.DefaultStrategy),
		Settings: insights(w.Want),
	})
	if err != nil {
		return engine.Live{}, fmt.Errorf("creating cluster %s: %w", w.Want.Name, err)
	}
	live, marked := clusterLive(*out.Cluster)
	if !marked {
		// Either ECS left the tags out of its answer, or the cluster is somebody
		// else's.
		found, err := t.describe(ctx, []string{w.Want.Name})
		if err != nil {
			return engine.Live{}, err
		}
		if len(found) > 0 {
			live, _ = clusterLive(found[0])
		} else {
			live.Address = w.Address // too new to be described, so it is ours
		}
	}
	if err := w.Claim(engine.Mark{Address: live.Address}, w.Want.Name, live.Output("arn")); err != nil {
		return engine.Live{}, err
	}
	if live.Asked == w.Tags[engine.TagAsked] {
		return live, nil
	}
	return t.Update(ctx, w, live, differing(w.Want, live))
}

// Update implements engine.Type.
func (t Clusters) Update(ctx context.Context, w engine.Wish[Cluster], live engine.Live, changed []string) (engine.Live, error) {
	var err error
	if slices.Contains(changed, "insights") {
		_, err = t.API.UpdateCluster(ctx, &ecs.UpdateClusterInput{
			Cluster: aws.String(w.Want.Name), Settings: insights(w.Want),
		})
	}
	if err == nil && (slices.Contains(changed, "capacity_providers") || slices.Contains(changed, "default_strategy")) {
		_, err = t.API.PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{
			Cluster: aws.String(w.Want.Name), CapacityProviders: orEmpty(w.Want.CapacityProviders),
			DefaultCapacityProviderStrategy: orEmpty(strategyInput(w.Want.DefaultStrategy)),
		})
	}
	if err != nil {
		return live, fmt.Errorf("updating cluster %s: %w", w.Want.Name, err)
	}
	if err := setTags(ctx, t.API, live.Output("arn"), live.Tags, w.Tags); err != nil {
		return live, err
	}
	updated := engine.AsWished(w, live.ID, live.Outputs)
	updated.State, updated.Detail = live.State, live.Detail
	return updated, nil
}

// Delete implements engine.Type.
func (t Clusters) Delete(ctx context.Context, live engine.Live) error {
	_, err := t.API.DeleteCluster(ctx, &ecs.DeleteClusterInput{Cluster: aws.String(live.ID)})
	if err != nil && !call.IsNotFound(err) {
		return fmt.Errorf("deleting cluster %s: %w", live.ID, err)
	}
	return nil
}

func insights(c Cluster) []types.ClusterSetting {
	if c.Insights == "" {
		return nil
	}
	return []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String(c.Insights)}}
}

func strategyInput(items []StrategyItem) []types.CapacityProviderStrategyItem {
	var out []types.CapacityProviderStrategyItem
	for _, i := range items {
		out = append(out, types.CapacityProviderStrategyItem{
			CapacityProvider: aws.String(i.Provider), Base: *int32Of(i.Base), Weight: *int32Of(i.Weight),
		})
	}
	return out
}

func strategyShown(items []types.CapacityProviderStrategyItem) []StrategyItem {
	var out []StrategyItem
	for _, i := range items {
		out = append(out, StrategyItem{Provider: aws.ToString(i.CapacityProvider), Base: int(i.Base), Weight: int(i.Weight)})
	}
	slices.SortFunc(out, func(a, b StrategyItem) int { return strings.Compare(a.Provider, b.Provider) })
	return out
}

var (
	_ engine.Type[Cluster] = Clusters{}
	_ engine.Looker        = Clusters{}
)
