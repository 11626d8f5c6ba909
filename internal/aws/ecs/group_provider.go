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
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// GroupProvider is a capacity provider of an Auto Scaling group, which ECS scales: it
// starts instances when tasks find no room, and ends those without tasks. It belongs to
// the account, and its cluster has to be told to use it. Outputs: id (the name), arn.
type GroupProvider struct {
	Name string `attr:"name,replace,own"`
	// Group is the ARN of the Auto Scaling group.
	Group engine.Ref `attr:"group,replace"`
	// Cluster is the ARN of the cluster that has it.
	Cluster engine.Ref `attr:"cluster"`
	// Scaling, Protection and Draining say that ECS changes the number of instances, ends
	// none with tasks, and moves tasks from those that end.
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AutoScalingGroupProvider.html
	Scaling    bool `attr:"scaling"`
	Protection bool `attr:"protection"`
	Draining   bool `attr:"draining"`
}

// Type implements engine.Resource.
func (GroupProvider) Type() string { return "ecs.group-provider" }

// GroupProviders is the type of GroupProvider.
type GroupProviders struct {
	Clusters Clusters
	Tagging  *resourcegroupstaggingapi.Client
	// Turns serialises the changes of a cluster's providers.
	Turns *gate.Turns
}

// Spec implements engine.Type.
func (GroupProviders) Spec() engine.Spec {
	return engine.Spec{
		Name: GroupProvider{}.Type(), Identity: engine.UniqueName, ReadyIn: 5 * time.Second, GoneIn: 15 * time.Second, GoneBy: 15 * time.Minute,
		// A provider of another group needs the name.
		Alone:        true,
		InUse:        "its services and tasks go first",
		DeletesAfter: []string{Service{}.Type(), Job{}.Type(), TaskDefinition{}.Type()},
	}
}

// List implements engine.Type. As with CapacityProviders, a project without a provider
// makes no call.
func (t GroupProviders) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	index, err := tagindex.Resources(ctx, q, t.Tagging)
	if err != nil {
		return nil, err
	}
	var names []string
	var named []engine.Ref
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(GroupProvider); ok {
			names, named = append(names, want.Name), append(named, want.Cluster)
		}
	}
	for _, r := range index {
		if mark, ok := engine.MarkOf(r.Tags); ok && r.Is("ecs:capacity-provider") && mark.Address.Type == (GroupProvider{}).Type() {
			names = append(names, LastPart(r.ARN))
		}
	}
	clusters, err := t.Clusters.described(ctx, q, clusterNames(q.Owners, t.Clusters.Region, named))
	if err != nil {
		return nil, err
	}
	if q.Whole {
		// The index of tags lags: what a cluster has may be the trace of a run that died.
		for _, c := range clusters {
			names = append(names, c.CapacityProviders...)
		}
	}
	found, err := t.read(ctx, names)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, p := range found {
		if l, ok := groupProviderObject(p, clusters); ok && q.Has(l.Address.Owner) {
			objects = append(objects, l)
		}
	}
	return objects, nil
}

// read describes those of some providers that there are.
func (t GroupProviders) read(ctx context.Context, names []string) ([]types.CapacityProvider, error) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return strings.HasPrefix(name, string(types.CapacityProviderTypeFargate))
	})
	slices.Sort(names)
	return concurrent.Gather(slices.Compact(names), providersAtOnce, func(batch []string) ([]types.CapacityProvider, error) {
		out, err := t.Clusters.API.DescribeCapacityProviders(ctx, &ecs.DescribeCapacityProvidersInput{
			CapacityProviders: batch, Include: []types.CapacityProviderField{types.CapacityProviderFieldTags},
		})
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading capacity providers: %w", err)
		}
		return slices.DeleteFunc(out.CapacityProviders, func(p types.CapacityProvider) bool {
			return p.AutoScalingGroupProvider == nil || p.Status == types.CapacityProviderStatusInactive
		}), nil
	})
}

// Poll implements engine.Poller.
func (t GroupProviders) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	var names, clusters []string
	for _, l := range objects {
		names = append(names, l.ID)
		if cluster := l.Output(outputCluster); cluster != "" && !slices.Contains(clusters, LastPart(cluster)) {
			clusters = append(clusters, LastPart(cluster))
		}
	}
	found, err := t.read(ctx, names)
	if err != nil {
		return nil, err
	}
	have, err := t.Clusters.describe(ctx, clusters)
	if err != nil {
		return nil, err
	}
	var out []engine.Object
	for _, p := range found {
		l, _ := groupProviderObject(p, have)
		out = append(out, l)
	}
	return out, nil
}

// Create implements engine.Type.
func (t GroupProviders) Create(ctx context.Context, w engine.Desired[GroupProvider]) (engine.Object, error) {
	ctx = gate.JustMade(ctx)
	out, err := t.Clusters.API.CreateCapacityProvider(ctx, &ecs.CreateCapacityProviderInput{
		Name: &w.Want.Name, Tags: tagsOf(w.Tags), AutoScalingGroupProvider: &types.AutoScalingGroupProvider{
			AutoScalingGroupArn: aws.String(w.Want.Group.Value()), ManagedScaling: w.Want.managed(),
			ManagedTerminationProtection: protectionWord(w.Want.Protection), ManagedDraining: drainingWord(w.Want.Draining),
		},
	})
	if err != nil && strings.Contains(err.Error(), "already exists") {
		return t.takeProvider(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating capacity provider %s: %w", w.Want.Name, passing(err))
	}
	if err := t.attach(ctx, w.Want.Cluster.Value(), w.Want.Name); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return t.made(w, aws.ToString(out.CapacityProvider.CapacityProviderArn)), nil
}

// made is a provider that its cluster is being told to use.
func (GroupProviders) made(w engine.Desired[GroupProvider], arn string) engine.Object {
	object := engine.AsDesired(w, w.Want.Name, map[string]string{"arn": arn, outputCluster: w.Want.Cluster.Value()})
	object.State, object.Detail = engine.StatePending, "its cluster is being told"
	return object
}

// takeProvider uses a provider of the name that was made before.
func (t GroupProviders) takeProvider(ctx context.Context, w engine.Desired[GroupProvider]) (engine.Object, error) {
	found, err := t.read(ctx, []string{w.Want.Name})
	if err != nil {
		return engine.Object{}, err
	}
	if len(found) == 0 {
		return engine.Object{}, gate.Unlisted("the capacity provider " + w.Want.Name)
	}
	clusters, err := t.Clusters.describe(ctx, []string{LastPart(w.Want.Cluster.Value())})
	if err != nil {
		return engine.Object{}, err
	}
	object, _ := groupProviderObject(found[0], clusters)
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	if object.Attrs["group"] != engine.Shown(w.Want)["group"] {
		return engine.Object{}, gate.Busy("the capacity provider " + w.Want.Name + " has another Auto Scaling group")
	}
	if object.State == engine.StateDeleting {
		return engine.Object{}, gate.Busy("the capacity provider " + w.Want.Name + " is being deleted")
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// Update implements engine.Type.
func (t GroupProviders) Update(ctx context.Context, w engine.Desired[GroupProvider], object engine.Object, changed []string) (engine.Object, error) {
	own := slices.DeleteFunc(slices.Clone(changed), func(name string) bool { return name == outputCluster })
	if len(own) > 0 {
		_, err := t.Clusters.API.UpdateCapacityProvider(ctx, &ecs.UpdateCapacityProviderInput{
			Name: &w.Want.Name, AutoScalingGroupProvider: &types.AutoScalingGroupProviderUpdate{
				ManagedScaling: w.Want.managed(), ManagedTerminationProtection: protectionWord(w.Want.Protection), ManagedDraining: drainingWord(w.Want.Draining),
			},
		})
		if err != nil {
			return object, fmt.Errorf("updating capacity provider %s: %w", w.Want.Name, passing(err))
		}
	}
	if slices.Contains(changed, outputCluster) {
		if err := t.attach(ctx, w.Want.Cluster.Value(), w.Want.Name); err != nil {
			return object, err
		}
	}
	if err := setTags(ctx, t.Clusters.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	if len(changed) == 0 {
		return engine.AsDesired(w, object.ID, object.Outputs), nil
	}
	return t.made(w, object.Output("arn")), nil
}

// Delete implements engine.Type. ECS deletes only a provider that no cluster has.
func (t GroupProviders) Delete(ctx context.Context, object engine.Object) error {
	if cluster := object.Output(outputCluster); cluster != "" {
		if err := t.detach(ctx, cluster, object.ID); err != nil {
			return err
		}
	}
	_, err := t.Clusters.API.DeleteCapacityProvider(ctx, &ecs.DeleteCapacityProviderInput{CapacityProvider: &object.ID})
	if err != nil && !gate.IsNotFound(err) && !strings.Contains(err.Error(), "does not exist") {
		return fmt.Errorf("deleting capacity provider %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[GroupProvider] = GroupProviders{}
	_ engine.Poller              = GroupProviders{}
)
