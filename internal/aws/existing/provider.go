package existing

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// Provider is an existing capacity provider.
type Provider struct {
	// Managed says that its instances are Managed Instances, not those of an Auto Scaling
	// group.
	Managed bool
}

// providers checks that the capacity providers exist and are active. Those of Managed
// Instances belong to one cluster, and an existing cluster must have been told to use
// them: berth does not change it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
func providers(ctx context.Context, r *reader) error {
	in := &ecs.DescribeCapacityProvidersInput{CapacityProviders: r.names.Providers}
	if r.names.Cluster != "" {
		in.Cluster = &r.names.Cluster
	}
	out, err := r.ECS.DescribeCapacityProviders(ctx, in)
	if err != nil && !gate.IsNotFound(err) {
		return err
	}
	if out == nil {
		out = &ecs.DescribeCapacityProvidersOutput{}
	}
	for _, name := range r.names.Providers {
		i := slices.IndexFunc(out.CapacityProviders, func(p types.CapacityProvider) bool {
			return aws.ToString(p.Name) == name && p.Status == types.CapacityProviderStatusActive
		})
		if i < 0 {
			r.problem(KeyCapacity, name, "`aws ecs describe-capacity-providers` lists the capacity providers; write fargate to need none",
				"there is no such active capacity provider in %s", r.names.Region)
			continue
		}
		managed := out.CapacityProviders[i].ManagedInstancesProvider != nil
		if managed && r.names.Cluster == "" {
			r.problem(KeyCapacity, name, "name its cluster under x-berth.cluster", "its instances belong to another cluster, and berth makes a new one here")
			continue
		}
		r.facts(func(f *Facts) {
			if f.Providers == nil {
				f.Providers = map[string]Provider{}
			}
			f.Providers[name] = Provider{Managed: managed}
		})
	}
	return nil
}

// attached checks that the existing cluster has the capacity providers.
func attached(r *reader) {
	c := r.result.Cluster
	if c == nil {
		return
	}
	for _, name := range r.names.Providers {
		if _, ok := r.result.Providers[name]; ok && !slices.Contains(c.Providers, name) {
			r.problem(KeyCapacity, name, fmt.Sprintf("attach it there: `aws ecs put-cluster-capacity-providers --cluster %s`; berth does not change the cluster", c.Name),
				"the existing cluster %s does not have this capacity provider", c.Name)
		}
	}
}
