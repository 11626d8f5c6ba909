package compute

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// createGroupProvider makes a capacity provider of an Auto Scaling group. It belongs to the
// account: a cluster has to be told to use it.
func (p *Clusters) createGroupProvider(rq *world.Request, in *ecs.CreateCapacityProviderInput) (*ecs.CreateCapacityProviderOutput, error) {
	g := in.AutoScalingGroupProvider
	if in.Cluster != nil {
		return nil, badClient("The cluster parameter is only for Managed Instances capacity providers.")
	}
	o := &provider{
		ARN: p.account.ARN("ecs", "capacity-provider/"+*in.Name), Name: *in.Name, Tags: in.Tags, Status: types.CapacityProviderStatusActive,
		Group: &types.AutoScalingGroupProvider{
			AutoScalingGroupArn: g.AutoScalingGroupArn, ManagedScaling: cmp.Or(g.ManagedScaling, &types.ManagedScaling{Status: types.ManagedScalingStatusEnabled}),
			ManagedTerminationProtection: cmp.Or(g.ManagedTerminationProtection, types.ManagedTerminationProtectionDisabled),
			ManagedDraining:              cmp.Or(g.ManagedDraining, types.ManagedDrainingEnabled),
		},
	}
	if err := p.checkGroup(o); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.s.Capacities.All(), func(have *provider) bool {
		return have.Group != nil && *have.Group.AutoScalingGroupArn == *g.AutoScalingGroupArn
	}) {
		return nil, badClient("The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.")
	}
	// ECS tags the group for the caller.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
	if err := rq.Also("autoscaling:CreateOrUpdateTags", *g.AutoScalingGroupArn, nil); err != nil {
		return nil, err
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	p.needs.Fleets.Mark(*g.AutoScalingGroupArn)
	p.s.Capacities.Put(p.account, rq.Now, o.Name, o)
	shown := o.shown(true)
	return &ecs.CreateCapacityProviderOutput{CapacityProvider: &shown}, nil
}

// checkGroup refuses groups that ECS cannot scale.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AutoScalingGroupProvider.html
func (p *Clusters) checkGroup(o *provider) error {
	protected, _, _, ok := p.needs.Fleets.Fleet(aws.ToString(o.Group.AutoScalingGroupArn))
	if !ok {
		return badClient("The specified Auto Scaling group does not exist. Specify a valid Auto Scaling group ARN and try again.")
	}
	if o.Group.ManagedTerminationProtection == types.ManagedTerminationProtectionEnabled &&
		(!protected || o.Group.ManagedScaling.Status != types.ManagedScalingStatusEnabled) {
		return badClient("The managed termination protection setting for the capacity provider is invalid. To enable managed termination protection for a " +
			"capacity provider, the Auto Scaling group must have instance protection from scale in enabled.")
	}
	return nil
}

func (p *Clusters) updateGroupProvider(in *ecs.UpdateCapacityProviderInput, o *provider) (*ecs.UpdateCapacityProviderOutput, error) {
	g := in.AutoScalingGroupProvider
	if g == nil {
		return nil, badInput("The Auto Scaling group provider is required.")
	}
	next := *o
	group := *o.Group
	group.ManagedScaling = cmp.Or(g.ManagedScaling, group.ManagedScaling)
	group.ManagedTerminationProtection = cmp.Or(g.ManagedTerminationProtection, group.ManagedTerminationProtection)
	group.ManagedDraining = cmp.Or(g.ManagedDraining, group.ManagedDraining)
	next.Group = &group
	if err := p.checkGroup(&next); err != nil {
		return nil, err
	}
	*o = next
	shown := o.shown(true)
	return &ecs.UpdateCapacityProviderOutput{CapacityProvider: &shown}, nil
}

// deleteGroupProvider refuses while a cluster has the provider. Its instances stay.
func (p *Clusters) deleteGroupProvider(rq *world.Request, o *provider) (*ecs.DeleteCapacityProviderOutput, error) {
	if slices.ContainsFunc(p.s.Clusters.All(), func(c *cluster) bool { return c.Status == active && slices.Contains(c.Providers, o.Name) }) {
		return nil, &types.ResourceInUseException{Message: aws.String("The specified capacity provider is in use and cannot be removed.")}
	}
	if o.Status != types.CapacityProviderStatusDeprovisioning {
		o.Status, o.Update = types.CapacityProviderStatusDeprovisioning, types.CapacityProviderUpdateStatusDeleteInProgress
		p.account.Schedule(rq.Now.Add(p.account.Takes(world.ProviderMade)), "ecs.provider.gone", o.Name)
	}
	shown := o.shown(true)
	return &ecs.DeleteCapacityProviderOutput{CapacityProvider: &shown}, nil
}

// names says whether the strategy of an active service in a cluster names a provider.
func (s *state) names(c *cluster, name string) bool {
	return slices.ContainsFunc(s.Services.All(), func(o *service) bool {
		return o.Cluster == c.ARN && o.Status != inactive && slices.ContainsFunc(o.Config.Strategy, func(i types.CapacityProviderStrategyItem) bool {
			return aws.ToString(i.CapacityProvider) == name
		})
	})
}
