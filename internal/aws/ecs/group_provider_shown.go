package ecs

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// managed is how ECS scales the group: until no instance is without a task.
func (p GroupProvider) managed() *types.ManagedScaling {
	out := &types.ManagedScaling{Status: types.ManagedScalingStatusDisabled}
	if p.Scaling {
		out.Status, out.TargetCapacity = types.ManagedScalingStatusEnabled, aws.Int32(100)
	}
	return out
}

func protectionWord(on bool) types.ManagedTerminationProtection {
	if on {
		return types.ManagedTerminationProtectionEnabled
	}
	return types.ManagedTerminationProtectionDisabled
}

func drainingWord(on bool) types.ManagedDraining {
	if on {
		return types.ManagedDrainingEnabled
	}
	return types.ManagedDrainingDisabled
}

// attach tells a cluster to use a provider, besides those that it has.
func (t GroupProviders) attach(ctx context.Context, cluster, name string) error {
	found, err := t.put(ctx, cluster, func(have []string) []string {
		if slices.Contains(have, name) {
			return have
		}
		return append(slices.Clip(have), name)
	})
	if err == nil && !found {
		return gate.Unlisted("the cluster " + LastPart(cluster))
	}
	return err
}

// detach takes a provider from a cluster.
func (t GroupProviders) detach(ctx context.Context, cluster, name string) error {
	_, err := t.put(ctx, cluster, func(have []string) []string {
		return slices.DeleteFunc(slices.Clone(have), func(p string) bool { return p == name })
	})
	if gate.IsNotFound(err) {
		return nil // the cluster went meanwhile
	}
	return err
}

// put changes the providers of a cluster, if there is one. Its default strategy stays. One
// change at a time reads the list and sets it: two would lose what the other one adds.
func (t GroupProviders) put(ctx context.Context, cluster string, change func([]string) []string) (ok bool, err error) {
	done, err := t.Turns.Take(ctx, "capacity providers of "+LastPart(cluster))
	if err != nil {
		return false, err
	}
	defer done()
	found, err := t.Clusters.describe(ctx, []string{LastPart(cluster)})
	if err != nil {
		return false, err
	}
	for _, c := range found {
		next := change(c.CapacityProviders)
		if len(next) == len(c.CapacityProviders) {
			continue
		}
		_, err := t.Clusters.API.PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{
			Cluster: aws.String(LastPart(cluster)), CapacityProviders: orEmpty(next), DefaultCapacityProviderStrategy: orEmpty(c.DefaultCapacityProviderStrategy),
		})
		if err != nil {
			return false, fmt.Errorf("changing the capacity providers of cluster %s: %w", LastPart(cluster), err)
		}
	}
	return len(found) > 0, nil
}

// groupProviderObject is a provider as ECS describes it, with that of some clusters which
// has it; marked says whether it carries berth's mark.
func groupProviderObject(p types.CapacityProvider, clusters []types.Cluster) (l engine.Object, marked bool) {
	tags := tagMap(p.Tags)
	mark, marked := engine.MarkOf(tags)
	l = engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, Tags: tags, ID: aws.ToString(p.Name), State: engine.StateReady,
		Outputs: map[string]string{"arn": aws.ToString(p.CapacityProviderArn), outputCluster: ""},
		Detail:  cmp.Or(aws.ToString(p.UpdateStatusReason), string(p.UpdateStatus), string(p.Status)),
	}
	shown := GroupProvider{Name: l.ID}
	if g := p.AutoScalingGroupProvider; g != nil {
		shown.Group = engine.Lit(aws.ToString(g.AutoScalingGroupArn))
		shown.Scaling = g.ManagedScaling != nil && g.ManagedScaling.Status == types.ManagedScalingStatusEnabled
		shown.Protection, shown.Draining = g.ManagedTerminationProtection == types.ManagedTerminationProtectionEnabled, g.ManagedDraining == types.ManagedDrainingEnabled
	}
	for _, c := range clusters {
		if slices.Contains(c.CapacityProviders, l.ID) {
			l.Outputs[outputCluster] = aws.ToString(c.ClusterArn)
			switch aws.ToString(c.AttachmentsStatus) {
			case "UPDATE_IN_PROGRESS":
				l.State, l.Detail = engine.StatePending, "its cluster is being told"
			case "UPDATE_FAILED":
				l.State, l.Detail = engine.StateFailed, "its cluster could not take it"
			}
		}
	}
	shown.Cluster = engine.Lit(l.Outputs[outputCluster])
	switch {
	case p.Status == types.CapacityProviderStatusDeprovisioning, p.UpdateStatus == types.CapacityProviderUpdateStatusDeleteInProgress:
		l.State = engine.StateDeleting
	case p.UpdateStatus == types.CapacityProviderUpdateStatusUpdateFailed, p.UpdateStatus == types.CapacityProviderUpdateStatusDeleteFailed:
		l.State = engine.StateFailed
	case p.UpdateStatus == types.CapacityProviderUpdateStatusUpdateInProgress:
		l.State = engine.StatePending
	}
	l.Attrs = engine.Shown(shown)
	return l, marked
}
