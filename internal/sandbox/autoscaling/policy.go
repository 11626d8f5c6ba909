package autoscaling

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// busy is how long AWS works on a change of a policy, because it makes alarms;
// meanwhile it refuses another change of the target's policies. An assumption.
const busy = 300 * time.Millisecond

// mostPolicies is AWS's quota for a target:
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
const mostPolicies = 50

func (p *AutoScaling) putScalingPolicy(rq *world.Request, in *applicationautoscaling.PutScalingPolicyInput) (*applicationautoscaling.PutScalingPolicyOutput, error) {
	id, name := aws.ToString(in.ResourceId), aws.ToString(in.PolicyName)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	t := p.s.Targets.Find(rq, id)
	if t == nil {
		return nil, missing("scalable target registered", id)
	}
	if name == "" || len(name) > 256 {
		return nil, invalid("1 validation error detected: Value at 'policyName' failed to satisfy constraint")
	}
	if rq.Now.Before(t.Busy) {
		return nil, &types.ConcurrentUpdateException{Message: aws.String("You already have a pending update to an Application Auto Scaling resource.")}
	}
	if !p.Needs.Roles.LinkedRoleReady(principal) {
		// terraform-provider-aws, appautoscaling/policy.go, tries again after this.
		return nil, &types.FailedResourceAccessException{Message: aws.String(
			"Unable to create alarms for scaling policy " + name + ": the role is not authorized to perform: cloudwatch:PutMetricAlarm")}
	}
	i := slices.IndexFunc(t.Policies, func(o *policy) bool { return o.Name == name })
	config := in.TargetTrackingScalingPolicyConfiguration
	if config == nil && i >= 0 && in.PolicyType == types.PolicyTypeTargetTrackingScaling {
		config = t.Policies[i].Config
	}
	wrong := p.check(t, name, in.PolicyType, config)
	if in.PolicyType == types.PolicyTypeStepScaling {
		wrong = checkStep(in.StepScalingPolicyConfiguration)
	}
	if wrong != nil {
		return nil, wrong
	}
	if i < 0 {
		if len(t.Policies) >= mostPolicies {
			return nil, &types.LimitExceededException{Message: aws.String("The number of scaling policies exceeds the limit")}
		}
		i = len(t.Policies)
		arn := p.account.ARN("autoscaling", "scalingPolicy:"+p.account.NewUUID("scaling-policy")+":resource/ecs/"+id+":policyName/"+name)
		t.Policies = append(t.Policies, &policy{Name: name, ARN: arn, Created: rq.Now})
	}
	t.Policies[i].Config, t.Policies[i].Step, t.Busy = config, in.StepScalingPolicyConfiguration, rq.Now.Add(busy)
	p.Watch()
	return &applicationautoscaling.PutScalingPolicyOutput{PolicyARN: aws.String(t.Policies[i].ARN), Alarms: alarmsOf(t, t.Policies[i])}, nil
}

// check refuses what AWS refuses in a target tracking policy.
func (p *AutoScaling) check(t *target, name string, kind types.PolicyType, c *types.TargetTrackingScalingPolicyConfiguration) error {
	if kind != types.PolicyTypeTargetTrackingScaling || c == nil || c.TargetValue == nil {
		return invalid("TargetTrackingScalingPolicyConfiguration with a target value is required for this policy type")
	}
	m := c.PredefinedMetricSpecification
	if c.CustomizedMetricSpecification != nil {
		return p.checkOwn(c.CustomizedMetricSpecification)
	}
	if m == nil {
		return invalid("A metric specification is required for a target tracking scaling policy")
	}
	cluster, service, _ := parts(t.ID)
	switch m.PredefinedMetricType {
	case types.MetricTypeECSServiceAverageCPUUtilization, types.MetricTypeECSServiceAverageMemoryUtilization,
		types.MetricTypeECSServiceAverageCPUUtilizationHighResolution, types.MetricTypeECSServiceAverageMemoryUtilizationHighResolution:
		if m.ResourceLabel != nil {
			return invalid("ResourceLabel must be empty for metric type %s", m.PredefinedMetricType)
		}
	case types.MetricTypeALBRequestCountPerTarget:
		scale, _ := p.Needs.Services.Scale(cluster, service)
		_, group, ok := strings.Cut(aws.ToString(m.ResourceLabel), "/targetgroup/")
		attached := slices.ContainsFunc(scale.Groups, func(arn string) bool { return strings.HasSuffix(arn, ":targetgroup/"+group) })
		if !ok || !attached || !strings.HasPrefix(*m.ResourceLabel, "app/") {
			return invalid("Target group %s is not attached to the ECS service %s", aws.ToString(m.ResourceLabel), service)
		}
	default:
		return invalid("Unsupported predefined metric type %s", m.PredefinedMetricType)
	}
	for _, o := range t.Policies {
		if o.Name != name && o.Config != nil && o.Config.PredefinedMetricSpecification != nil && o.Config.PredefinedMetricSpecification.PredefinedMetricType == m.PredefinedMetricType {
			return invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.")
		}
	}
	return nil
}

// alarmsOf are the two alarms that AWS makes for a policy of target tracking.
func alarmsOf(t *target, pol *policy) []types.Alarm {
	if pol.Config == nil {
		return nil
	}
	id := pol.ARN[strings.Index(pol.ARN, "scalingPolicy:")+len("scalingPolicy:"):][:36]
	var out []types.Alarm
	for _, which := range []string{"High", "Low"} {
		name := "TargetTracking-" + t.ID + "-Alarm" + which + "-" + id
		account, _, _ := strings.Cut(t.ARN, ":scalable-target")
		arn := strings.Replace(account, "application-autoscaling", "cloudwatch", 1) + ":alarm:" + name
		out = append(out, types.Alarm{AlarmName: aws.String(name), AlarmARN: aws.String(arn)})
	}
	return out
}

func (p *AutoScaling) deleteScalingPolicy(rq *world.Request, in *applicationautoscaling.DeleteScalingPolicyInput) (*applicationautoscaling.DeleteScalingPolicyOutput, error) {
	id, name := aws.ToString(in.ResourceId), aws.ToString(in.PolicyName)
	if err := supported(in.ServiceNamespace, id, in.ScalableDimension); err != nil {
		return nil, err
	}
	t := p.s.Targets.Get(id)
	if t == nil {
		return nil, missing("scaling policy found", id)
	}
	i := slices.IndexFunc(t.Policies, func(o *policy) bool { return o.Name == name })
	if i < 0 {
		return nil, missing("scaling policy found", id+", policy name: "+name)
	}
	if rq.Now.Before(t.Busy) {
		return nil, &types.ConcurrentUpdateException{Message: aws.String("You already have a pending update to an Application Auto Scaling resource.")}
	}
	t.Policies, t.Busy = slices.Delete(t.Policies, i, i+1), rq.Now.Add(busy)
	return &applicationautoscaling.DeleteScalingPolicyOutput{}, nil
}

func (p *AutoScaling) describeScalingPolicies(rq *world.Request, in *applicationautoscaling.DescribeScalingPoliciesInput) (*applicationautoscaling.DescribeScalingPoliciesOutput, error) {
	var all []types.ScalingPolicy
	if in.ServiceNamespace == types.ServiceNamespaceEcs {
		for _, t := range p.s.Targets.List(rq) {
			for _, pol := range t.Policies {
				if (in.ResourceId == nil || *in.ResourceId == t.ID) && (len(in.PolicyNames) == 0 || slices.Contains(in.PolicyNames, pol.Name)) {
					all = append(all, shownPolicy(t, pol))
				}
			}
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 10)
	if err != nil {
		return nil, &types.InvalidNextTokenException{Message: aws.String("Invalid next token")}
	}
	return &applicationautoscaling.DescribeScalingPoliciesOutput{ScalingPolicies: page, NextToken: next}, nil
}

func shownPolicy(t *target, pol *policy) types.ScalingPolicy {
	kind := types.PolicyTypeTargetTrackingScaling
	if pol.Step != nil {
		kind = types.PolicyTypeStepScaling
	}
	return types.ScalingPolicy{
		StepScalingPolicyConfiguration: pol.Step,
		ServiceNamespace:               types.ServiceNamespaceEcs, ResourceId: aws.String(t.ID),
		ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
		PolicyName:        aws.String(pol.Name), PolicyARN: aws.String(pol.ARN), PolicyType: kind,
		TargetTrackingScalingPolicyConfiguration: pol.Config, CreationTime: aws.Time(pol.Created), Alarms: alarmsOf(t, pol),
	}
}
