package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// scaling sets and deletes the range and the policies of the service web.
func (s *script) scaling() {
	c := s.c.Scaling
	const ns, dim = types.ServiceNamespaceEcs, types.ScalableDimensionECSServiceDesiredCount
	web, none := p("service/a/web"), p("service/a/none")
	register := func(id *string) *applicationautoscaling.RegisterScalableTargetInput {
		return &applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id, MinCapacity: p(int32(1)), MaxCapacity: p(int32(4)),
		}
	}
	put := func(id *string) *applicationautoscaling.PutScalingPolicyInput {
		return &applicationautoscaling.PutScalingPolicyInput{
			ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id, PolicyName: p("berth/a/a/web/cpu"),
			PolicyType: types.PolicyTypeTargetTrackingScaling,
			TargetTrackingScalingPolicyConfiguration: &types.TargetTrackingScalingPolicyConfiguration{
				TargetValue: p(85.0), ScaleInCooldown: p(int32(300)), ScaleOutCooldown: p(int32(300)),
				PredefinedMetricSpecification: &types.PredefinedMetricSpecification{PredefinedMetricType: types.MetricTypeECSServiceAverageCPUUtilization},
			},
		}
	}
	try(s, dependency, c.RegisterScalableTarget, register(none), nil)
	try(s, success, c.RegisterScalableTarget, register(web), nil)
	try(s, duplicate, c.RegisterScalableTarget, register(web), nil)
	targets := func(o *applicationautoscaling.DescribeScalableTargetsOutput) []any {
		t := first(o.ScalableTargets)
		return []any{len(o.ScalableTargets), t.ResourceId, t.MinCapacity, t.MaxCapacity, t.ScalableDimension}
	}
	describe := func(id string) *applicationautoscaling.DescribeScalableTargetsInput {
		return &applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: ns, ScalableDimension: dim, ResourceIds: []string{id}}
	}
	arn := first(try(s, success, c.DescribeScalableTargets, describe(*web), targets).ScalableTargets).ScalableTargetARN
	try(s, notFound, c.DescribeScalableTargets, describe(*none), targets)
	tags := map[string]string{"berth:owner": "stack/a/a"}
	nothing := p("arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target/0000")
	try(s, success, c.TagResource, &applicationautoscaling.TagResourceInput{ResourceARN: arn, Tags: tags}, nil)
	try(s, duplicate, c.TagResource, &applicationautoscaling.TagResourceInput{ResourceARN: arn, Tags: tags}, nil)
	try(s, notFound, c.TagResource, &applicationautoscaling.TagResourceInput{ResourceARN: nothing, Tags: tags}, nil)
	try(s, success, c.ListTagsForResource, &applicationautoscaling.ListTagsForResourceInput{ResourceARN: arn}, nil)
	try(s, notFound, c.ListTagsForResource, &applicationautoscaling.ListTagsForResourceInput{ResourceARN: nothing}, nil)
	try(s, success, c.UntagResource, &applicationautoscaling.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"berth:owner"}}, nil)
	try(s, notFound, c.UntagResource, &applicationautoscaling.UntagResourceInput{ResourceARN: nothing, TagKeys: []string{"x"}}, nil)
	try(s, dependency, c.PutScalingPolicy, put(none), nil)
	try(s, success, c.PutScalingPolicy, put(web), nil)
	try(s, duplicate, c.PutScalingPolicy, put(web), nil)
	policies := func(o *applicationautoscaling.DescribeScalingPoliciesOutput) []any {
		v := first(o.ScalingPolicies)
		return []any{len(o.ScalingPolicies), v.PolicyName, v.PolicyType}
	}
	try(s, success, c.DescribeScalingPolicies, &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: ns, ResourceId: web}, policies)
	try(s, notFound, c.DescribeScalingPolicies, &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: ns, ResourceId: none}, policies)
	remove := func(id *string) *applicationautoscaling.DeleteScalingPolicyInput {
		return &applicationautoscaling.DeleteScalingPolicyInput{ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id, PolicyName: p("berth/a/a/web/cpu")}
	}
	try(s, success, c.DeleteScalingPolicy, remove(web), nil)
	try(s, notFound, c.DeleteScalingPolicy, remove(none), nil)
	action := func(id *string) *applicationautoscaling.PutScheduledActionInput {
		return &applicationautoscaling.PutScheduledActionInput{
			ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id, ScheduledActionName: p("berth/a/a/web/1"),
			Schedule: p("cron(0 19 ? * MON-FRI *)"), Timezone: p("Europe/Berlin"),
			ScalableTargetAction: &types.ScalableTargetAction{MinCapacity: p(int32(0)), MaxCapacity: p(int32(0))},
		}
	}
	try(s, dependency, c.PutScheduledAction, action(none), nil)
	try(s, success, c.PutScheduledAction, action(web), nil)
	try(s, duplicate, c.PutScheduledAction, action(web), nil)
	actions := func(o *applicationautoscaling.DescribeScheduledActionsOutput) []any {
		v := first(o.ScheduledActions)
		return []any{len(o.ScheduledActions), v.ScheduledActionName, v.Schedule, v.Timezone}
	}
	try(s, success, c.DescribeScheduledActions, &applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: ns, ResourceId: web}, actions)
	try(s, notFound, c.DescribeScheduledActions, &applicationautoscaling.DescribeScheduledActionsInput{ServiceNamespace: ns, ResourceId: none}, actions)
	forget := func(id *string) *applicationautoscaling.DeleteScheduledActionInput {
		return &applicationautoscaling.DeleteScheduledActionInput{ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id, ScheduledActionName: p("berth/a/a/web/1")}
	}
	try(s, success, c.DeleteScheduledAction, forget(web), nil)
	try(s, notFound, c.DeleteScheduledAction, forget(none), nil)
	deregister := func(id *string) *applicationautoscaling.DeregisterScalableTargetInput {
		return &applicationautoscaling.DeregisterScalableTargetInput{ServiceNamespace: ns, ScalableDimension: dim, ResourceId: id}
	}
	try(s, success, c.DeregisterScalableTarget, deregister(web), nil)
	try(s, notFound, c.DeregisterScalableTarget, deregister(none), nil)
}
