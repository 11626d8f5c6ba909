package autoscaling

import (
	"cmp"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// principal is the service that the linked role is for.
const principal = "ecs.application-autoscaling.amazonaws.com"

// registerScalableTarget makes a target, or changes the parts of one that the call
// names. Either moves the number of tasks into the bounds:
// https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
func (p *AutoScaling) registerScalableTarget(rq *world.Request, in *applicationautoscaling.RegisterScalableTargetInput) (*applicationautoscaling.RegisterScalableTargetOutput, error) {
	id := aws.ToString(in.ResourceId)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	cluster, service, _ := parts(id)
	scale, ok := p.Needs.Services.Scale(cluster, service)
	if !ok {
		return nil, invalid("ECS service doesn't exist: %s", id)
	}
	if err := p.Needs.Roles.EnsureLinkedRole(rq, principal); err != nil {
		return nil, err
	}
	t := p.s.Targets.Get(id)
	known := t != nil
	if known && len(in.Tags) > 0 {
		// https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/pull/420
		return nil, invalid("The scalable target that you tried to tag already exists. To update tags on an existing scalable target, use the TagResource API.")
	}
	if !known {
		t = &target{ID: id, Created: rq.Now, Min: -1, Max: -1, Tags: maps.Clone(in.Tags)}
	}
	low, high := t.Min, t.Max
	if in.MinCapacity != nil {
		low = *in.MinCapacity
	}
	if in.MaxCapacity != nil {
		high = *in.MaxCapacity
	}
	switch {
	case low < 0 || high < 0:
		return nil, invalid("Minimum and maximum capacity are required to register a scalable target, and must not be negative")
	case low > high:
		return nil, invalid("Maximum capacity cannot be less than minimum capacity")
	}
	t.Min, t.Max = low, high
	suspend(&t.Suspended, in.SuspendedState)
	if !known {
		t.ARN = p.account.ARN("application-autoscaling", "scalable-target/"+p.account.NewHex("scalable-target", 36))
		p.s.Targets.Put(p.account, rq.Now, id, t)
	}
	if count := min(max(scale.Desired, t.Min), t.Max); count != scale.Desired {
		p.Needs.Services.SetDesired(rq.Now, cluster, service, count)
	}
	return &applicationautoscaling.RegisterScalableTargetOutput{ScalableTargetARN: aws.String(t.ARN)}, nil
}

// suspend changes the parts of a suspension that a call names.
func suspend(s, by *types.SuspendedState) {
	if by == nil {
		return
	}
	s.DynamicScalingInSuspended = cmp.Or(by.DynamicScalingInSuspended, s.DynamicScalingInSuspended)
	s.DynamicScalingOutSuspended = cmp.Or(by.DynamicScalingOutSuspended, s.DynamicScalingOutSuspended)
	s.ScheduledScalingSuspended = cmp.Or(by.ScheduledScalingSuspended, s.ScheduledScalingSuspended)
}

func (p *AutoScaling) deregisterScalableTarget(rq *world.Request, in *applicationautoscaling.DeregisterScalableTargetInput) (*applicationautoscaling.DeregisterScalableTargetOutput, error) {
	id := aws.ToString(in.ResourceId)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	if p.s.Targets.Get(id) == nil {
		return nil, missing("scalable target found", id)
	}
	p.s.Targets.Remove(rq.Now, id)
	return &applicationautoscaling.DeregisterScalableTargetOutput{}, nil
}

func (p *AutoScaling) describeScalableTargets(rq *world.Request, in *applicationautoscaling.DescribeScalableTargetsInput) (*applicationautoscaling.DescribeScalableTargetsOutput, error) {
	var all []types.ScalableTarget
	if in.ServiceNamespace == types.ServiceNamespaceEcs {
		for _, t := range p.s.Targets.List(rq) {
			if len(in.ResourceIds) == 0 || slices.Contains(in.ResourceIds, t.ID) {
				all = append(all, p.shownTarget(t))
			}
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, &types.InvalidNextTokenException{Message: aws.String("Invalid next token")}
	}
	return &applicationautoscaling.DescribeScalableTargetsOutput{ScalableTargets: page, NextToken: next}, nil
}

func (p *AutoScaling) shownTarget(t *target) types.ScalableTarget {
	role := "arn:aws:iam::" + p.account.Number() + ":role/aws-service-role/" + principal + "/AWSServiceRoleForApplicationAutoScaling_ECSService"
	return types.ScalableTarget{
		ServiceNamespace: types.ServiceNamespaceEcs, ResourceId: aws.String(t.ID),
		ScalableDimension: types.ScalableDimensionECSServiceDesiredCount, ScalableTargetARN: aws.String(t.ARN),
		MinCapacity: aws.Int32(t.Min), MaxCapacity: aws.Int32(t.Max), RoleARN: aws.String(role),
		CreationTime: aws.Time(t.Created), SuspendedState: world.Clone(&t.Suspended),
	}
}

// tagged is the target with an ARN.
func (p *AutoScaling) tagged(arn *string) (*target, error) {
	for _, t := range p.s.Targets.All() {
		if t.ARN == aws.ToString(arn) {
			return t, nil
		}
	}
	return nil, &types.ResourceNotFoundException{
		Message: aws.String("The specified resource doesn't exist."), ResourceName: arn,
	}
}

func (p *AutoScaling) tagResource(_ *world.Request, in *applicationautoscaling.TagResourceInput) (*applicationautoscaling.TagResourceOutput, error) {
	t, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	if t.Tags == nil {
		t.Tags = map[string]string{}
	}
	maps.Copy(t.Tags, in.Tags)
	return &applicationautoscaling.TagResourceOutput{}, nil
}

func (p *AutoScaling) untagResource(_ *world.Request, in *applicationautoscaling.UntagResourceInput) (*applicationautoscaling.UntagResourceOutput, error) {
	t, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(t.Tags, k)
	}
	return &applicationautoscaling.UntagResourceOutput{}, nil
}

func (p *AutoScaling) listTagsForResource(_ *world.Request, in *applicationautoscaling.ListTagsForResourceInput) (*applicationautoscaling.ListTagsForResourceOutput, error) {
	t, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &applicationautoscaling.ListTagsForResourceOutput{Tags: maps.Clone(t.Tags)}, nil
}
