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

// CapacityProvider is a capacity provider of Managed Instances, which belongs to one
// cluster: ECS launches instances when tasks need them and ends them when they are idle.
// Outputs: id (the name), arn.
type CapacityProvider struct {
	Name string `attr:"name,replace,own"`
	// Cluster is the cluster's ARN.
	Cluster engine.Ref `attr:"cluster,replace,own"`
	// Role is the ARN of the role with which ECS manages the instances, Profile that of
	// their instance profile.
	Role    engine.Ref `attr:"role"`
	Profile engine.Ref `attr:"profile"`
	// Subnets and SecurityGroups are those of the instances, not of the tasks.
	Subnets        []engine.Ref `attr:"subnets,set"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	Instances      Instances    `attr:"instances"`
	// DiskGiB is the size of the volume that the tasks of an instance share; 0 is AWS's
	// default.
	DiskGiB int `attr:"volume_gib"`
}

// Instances say which instance types a provider may launch.
type Instances struct {
	// VCPU and MemoryMiB are the least.
	VCPU, MemoryMiB int
	// Types are names, which may have wildcards; empty allows all.
	Types []string
	// Makers are the makers of the processors: intel, amd, amazon-web-services.
	Makers []string
	// GPUs is the least number of NVIDIA's GPUs.
	GPUs int
}

// Type implements engine.Resource.
func (CapacityProvider) Type() string { return "ecs.capacity-provider" }

// CapacityProviders is the type of CapacityProvider.
type CapacityProviders struct {
	Clusters Clusters
	Tagging  *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type. AWS deletes a provider once no service names it and no task
// runs on its instances, which it then ends.
func (CapacityProviders) Spec() engine.Spec {
	return engine.Spec{
		Name: CapacityProvider{}.Type(), Identity: engine.UniqueName, ReadyIn: 5 * time.Second, GoneIn: time.Minute, GoneBy: 15 * time.Minute,
		InUse:        "its services and tasks go first",
		DeletesAfter: []string{Service{}.Type(), Job{}.Type(), TaskDefinition{}.Type()},
	}
}

// List implements engine.Type. Only a cluster's own description and the index of tags say
// which providers there are, so that a project without one costs no call.
func (t CapacityProviders) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var named []engine.Ref
	var wanted []string
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(CapacityProvider); ok {
			named, wanted = append(named, want.Cluster), append(wanted, want.Name)
		}
	}
	index, err := tagindex.Resources(ctx, q, t.Tagging)
	if err != nil {
		return nil, err
	}
	for _, r := range index {
		if r.Is("ecs:capacity-provider") {
			wanted = append(wanted, LastPart(r.ARN))
		}
	}
	var objects []engine.Object
	clusters := clusterNames(q.Owners, t.Clusters.Region, named)
	found, err := t.Clusters.described(ctx, q, clusters)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		names := slices.DeleteFunc(slices.Concat(wanted, c.CapacityProviders), func(name string) bool {
			return strings.HasPrefix(name, string(types.CapacityProviderTypeFargate))
		})
		providers, err := t.read(ctx, aws.ToString(c.ClusterArn), names)
		if err != nil {
			return nil, err
		}
		for _, p := range providers {
			if l, ok := providerObject(p); ok && q.Has(l.Address.Owner) {
				objects = append(objects, l)
			}
		}
	}
	return objects, nil
}

// providersAtOnce is how many providers one call describes.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html
const providersAtOnce = 100

// read describes those of a cluster's providers that there are.
func (t CapacityProviders) read(ctx context.Context, cluster string, names []string) ([]types.CapacityProvider, error) {
	slices.Sort(names)
	return concurrent.Gather(slices.Compact(names), providersAtOnce, func(batch []string) ([]types.CapacityProvider, error) {
		out, err := t.Clusters.API.DescribeCapacityProviders(ctx, &ecs.DescribeCapacityProvidersInput{
			CapacityProviders: batch, Cluster: &cluster, Include: []types.CapacityProviderField{types.CapacityProviderFieldTags},
		})
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading capacity providers: %w", err)
		}
		return slices.DeleteFunc(out.CapacityProviders, func(p types.CapacityProvider) bool {
			return p.ManagedInstancesProvider == nil || p.Status == types.CapacityProviderStatusInactive
		}), nil
	})
}

// Poll implements engine.Poller.
func (t CapacityProviders) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	byCluster := map[string][]string{}
	for _, l := range objects {
		byCluster[l.Output(outputCluster)] = append(byCluster[l.Output(outputCluster)], l.ID)
	}
	var out []engine.Object
	for cluster, names := range byCluster {
		found, err := t.read(ctx, cluster, names)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			l, _ := providerObject(p)
			out = append(out, l)
		}
	}
	return out, nil
}

// Create implements engine.Type.
func (t CapacityProviders) Create(ctx context.Context, w engine.Desired[CapacityProvider]) (engine.Object, error) {
	ctx = gate.JustMade(ctx)
	out, err := t.Clusters.API.CreateCapacityProvider(ctx, &ecs.CreateCapacityProviderInput{
		Name: &w.Want.Name, Cluster: aws.String(LastPart(w.Want.Cluster.Value())), ManagedInstancesProvider: providerInput(w.Want), Tags: tagsOf(w.Tags),
	})
	if err != nil && strings.Contains(err.Error(), "already exists") {
		return t.takeProvider(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating capacity provider %s: %w", w.Want.Name, passing(err))
	}
	shown, _ := providerObject(*out.CapacityProvider)
	object := engine.AsDesired(w, shown.ID, shown.Outputs)
	object.State, object.Detail = shown.State, shown.Detail
	return object, nil
}

// takeProvider uses a provider of the name that was made before.
func (t CapacityProviders) takeProvider(ctx context.Context, w engine.Desired[CapacityProvider]) (engine.Object, error) {
	found, err := t.read(ctx, w.Want.Cluster.Value(), []string{w.Want.Name})
	if err != nil {
		return engine.Object{}, err
	}
	if len(found) == 0 {
		return engine.Object{}, gate.Unlisted("the capacity provider " + w.Want.Name)
	}
	object, _ := providerObject(found[0])
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	if object.State == engine.StateDeleting {
		return engine.Object{}, gate.Busy("the capacity provider " + w.Want.Name + " is being deleted")
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// Update implements engine.Type. A change is for new instances only.
func (t CapacityProviders) Update(ctx context.Context, w engine.Desired[CapacityProvider], object engine.Object, changed []string) (engine.Object, error) {
	updated := engine.AsDesired(w, object.ID, object.Outputs)
	updated.State, updated.Detail = object.State, object.Detail
	if len(changed) > 0 {
		out, err := t.Clusters.API.UpdateCapacityProvider(ctx, &ecs.UpdateCapacityProviderInput{
			Name: &w.Want.Name, Cluster: aws.String(LastPart(w.Want.Cluster.Value())), ManagedInstancesProvider: providerUpdate(w.Want),
		})
		if err != nil {
			return object, fmt.Errorf("updating capacity provider %s: %w", w.Want.Name, passing(err))
		}
		shown, _ := providerObject(*out.CapacityProvider)
		updated.State, updated.Detail = shown.State, shown.Detail
	}
	return updated, setTags(ctx, t.Clusters.API, object.Output("arn"), object.Tags, w.Tags)
}

// Delete implements engine.Type.
func (t CapacityProviders) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.Clusters.API.DeleteCapacityProvider(ctx, &ecs.DeleteCapacityProviderInput{
		CapacityProvider: &object.ID, Cluster: aws.String(LastPart(object.Output(outputCluster))),
	})
	if err != nil && !gate.IsNotFound(err) && !strings.Contains(err.Error(), "does not exist") {
		return fmt.Errorf("deleting capacity provider %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[CapacityProvider] = CapacityProviders{}
	_ engine.Poller                 = CapacityProviders{}
)
