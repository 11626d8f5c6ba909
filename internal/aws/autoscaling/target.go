package autoscaling

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Target bounds the number of tasks of an ECS service. While it exists the number is
// Application Auto Scaling's. Outputs: id (service/CLUSTER/NAME).
type Target struct {
	// Name is the service's name in ECS, Service its ARN.
	Name    string     `attr:"name,replace,own"`
	Service engine.Ref `attr:"service,replace,own"`
	// Min and Max bound the number of tasks. AWS moves a number outside of them into
	// them at once.
	Min int `attr:"min"`
	Max int `attr:"max"`
	// Scheduled are the ranges, like "0 2", that scheduled actions of berth set. A
	// target that has one of them counts as having Min and Max.
	Scheduled []string
}

// ScheduledRange is an element of Target.Scheduled.
func ScheduledRange(low, high int) string { return fmt.Sprintf("%d %d", low, high) }

// Type implements engine.Resource.
func (Target) Type() string { return "autoscaling.target" }

// Targets is the type of Target.
type Targets struct {
	API     *applicationautoscaling.Client
	Tagging *resourcegroupstaggingapi.Client
	// Account, Region and Partition make the ARNs of services.
	Account, Region, Partition string
}

// Spec implements engine.Type.
func (Targets) Spec() engine.Spec {
	return engine.Spec{Name: Target{}.Type(), Identity: engine.UniqueName, Untagged: true}
}

// dimension is the number that targets bound.
const dimension = types.ScalableDimensionECSServiceDesiredCount

// resourceOf is what Application Auto Scaling calls a service, from its ARN:
// service/CLUSTER/NAME.
func resourceOf(arn string) string {
	_, rest, _ := strings.Cut(arn, ":service/")
	return "service/" + rest
}

// Create implements engine.Type. AWS makes its service-linked role if there is none
// in the account yet.
func (t Targets) Create(ctx context.Context, w engine.Desired[Target]) (engine.Object, error) {
	id := resourceOf(w.Want.Service.Value())
	_, err := t.API.RegisterScalableTarget(gate.JustMade(ctx), registration(w.Want, w.Tags))
	if isTagged(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("setting the range of service %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, id, nil), nil
}

// registration sets the bounds. It ends a suspension, because AWS moves the number
// into the bounds all the same.
func registration(want Target, tags map[string]string) *applicationautoscaling.RegisterScalableTargetInput {
	return &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension,
		ResourceId:  aws.String(resourceOf(want.Service.Value())),
		MinCapacity: aws.Int32(int32(want.Min)), MaxCapacity: aws.Int32(int32(want.Max)), //nolint:gosec // at most 5000
		SuspendedState: suspended(false), Tags: tags,
	}
}

// suspended is the state of a target whose policies and scheduled actions do nothing,
// or work.
func suspended(yes bool) *types.SuspendedState {
	return &types.SuspendedState{
		DynamicScalingInSuspended: aws.Bool(yes), DynamicScalingOutSuspended: aws.Bool(yes), ScheduledScalingSuspended: aws.Bool(yes),
	}
}

// isTagged recognises AWS's answer to a registration with tags of a target that
// exists. There is no error code for it.
// https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/pull/420
func isTagged(err error) bool {
	return gate.Code(err) == "ValidationException" && strings.Contains(err.Error(), "already exists")
}

// take uses a target that the service has already.
func (t Targets) take(ctx context.Context, w engine.Desired[Target]) (engine.Object, error) {
	id := resourceOf(w.Want.Service.Value())
	out, err := t.API.DescribeScalableTargets(gate.JustMade(ctx), &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension, ResourceIds: []string{id},
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading the range of service %s: %w", w.Want.Name, err)
	}
	if len(out.ScalableTargets) == 0 {
		return engine.Object{}, gate.Unlisted("the scalable target " + id)
	}
	return t.Update(ctx, w, t.object(out.ScalableTargets[0]), []string{"min", "max"})
}

// Update implements engine.Type.
func (t Targets) Update(ctx context.Context, w engine.Desired[Target], object engine.Object, changed []string) (engine.Object, error) {
	arn := object.Output("arn")
	if object.Tags == nil {
		tags, err := t.tags(ctx, arn)
		if err != nil {
			return object, err
		}
		mark, _ := engine.MarkOf(tags)
		if err := w.Claim(mark, object.ID, arn); err != nil {
			return object, err
		}
		object.Tags = tags
	}
	// The tags come first: listing does not read them, so a run that died in between
	// must leave a range that differs.
	if err := t.setTags(ctx, arn, object, w.Tags); err != nil {
		return object, err
	}
	if len(changed) > 0 {
		if _, err := t.API.RegisterScalableTarget(ctx, registration(w.Want, nil)); err != nil {
			return object, fmt.Errorf("changing the range of service %s: %w", w.Want.Name, err)
		}
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// tags are the tags of a target.
func (t Targets) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &applicationautoscaling.ListTagsForResourceInput{ResourceARN: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	if out.Tags == nil {
		return map[string]string{}, nil
	}
	return gate.WithoutAWSTags(out.Tags), nil
}

func (t Targets) setTags(ctx context.Context, arn string, object engine.Object, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: object.ID,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &applicationautoscaling.TagResourceInput{ResourceARN: &arn, Tags: tags})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &applicationautoscaling.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
			return err
		},
	}, object.Tags, want)
}

// Delete implements engine.Type. AWS deletes the target's policies with it; the
// service keeps the tasks that it has.
func (t Targets) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeregisterScalableTarget(ctx, &applicationautoscaling.DeregisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension, ResourceId: &object.ID,
	})
	if err != nil && !isGone(err) {
		return fmt.Errorf("deleting the range of %s: %w", object.ID, err)
	}
	return nil
}

// isGone recognises the answers about a target or policy that does not exist. An
// emulator answers with a ValidationException.
func isGone(err error) bool {
	return gate.IsNotFound(err) ||
		gate.Code(err) == "ValidationException" && strings.Contains(err.Error(), " found for service namespace")
}

var _ engine.Type[Target] = Targets{}
