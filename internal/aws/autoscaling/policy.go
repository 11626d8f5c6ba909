package autoscaling

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/metric"
	"github.com/berthdev/berth/internal/engine"
)

// Policy keeps a metric of a service near a value by changing the number of its
// tasks. AWS makes the alarms for it, and deletes them with it. One of MetricWake adds
// tasks when an alarm says so. Outputs: id, arn.
type Policy struct {
	// Name is that of part.Name.
	Name string `attr:"name,replace,own"`
	// Target is the id of the scalable target.
	Target engine.Ref `attr:"target,replace,own"`
	// Metric is one of the Metric constants, Value what it is kept near.
	Metric string `attr:"metric"`
	Value  int    `attr:"value"`
	// Balancer and Group are the ARNs of the load balancer and the target group
	// whose requests count, for MetricRequests.
	Balancer engine.Ref `attr:"balancer"`
	Group    engine.Ref `attr:"group"`
	// Queue is the name of the queue whose messages count, for MetricBacklog.
	Queue string `attr:"queue"`
	// OutSeconds and InSeconds are how long AWS waits after a change that adds or
	// removes tasks before it makes the next.
	OutSeconds int `attr:"out_seconds"`
	InSeconds  int `attr:"in_seconds"`
}

// The metrics of a Policy.
const (
	MetricCPU      = string(types.MetricTypeECSServiceAverageCPUUtilization)
	MetricMemory   = string(types.MetricTypeECSServiceAverageMemoryUtilization)
	MetricRequests = string(types.MetricTypeALBRequestCountPerTarget)
	// MetricFastCPU and MetricFastMemory are measured each 20 seconds, if the service says so.
	MetricFastCPU    = string(types.MetricTypeECSServiceAverageCPUUtilizationHighResolution)
	MetricFastMemory = string(types.MetricTypeECSServiceAverageMemoryUtilizationHighResolution)
	// MetricBacklog is the messages of a queue for each task.
	MetricBacklog = "QueueBacklogPerTask"
	// MetricWake is no metric: each time an alarm says so, the policy adds Value tasks.
	MetricWake = string(types.PolicyTypeStepScaling)
)

// Fast is a metric at the higher resolution, or the metric itself if it has none.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/target-tracking-faster-auto-scaling.html
func Fast(metric string) string {
	switch metric {
	case MetricCPU:
		return MetricFastCPU
	case MetricMemory:
		return MetricFastMemory
	}
	return metric
}

// Type implements engine.Resource.
func (Policy) Type() string { return "autoscaling.policy" }

// Policies is the type of Policy.
type Policies struct{ Targets Targets }

// Spec implements engine.Type. AWS deletes a target's policies with it, so their own
// deletion comes first only if the target stays.
func (Policies) Spec() engine.Spec {
	return engine.Spec{Name: Policy{}.Type(), Identity: engine.ByParent, Untagged: true}
}

// List implements engine.Type.
func (t Policies) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.Targets.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var found []seen
	for _, p := range r.policies {
		found = append(found, seen{aws.ToString(p.ResourceId), aws.ToString(p.PolicyName), aws.ToString(p.PolicyARN), p.CreationTime, t.shown(p)})
	}
	return objectsOf(found, Policy{}.Type(), q.Owners), nil
}

// shown are the attributes of a policy. A policy of another kind shows its kind as
// the metric, so that it counts as changed.
func (t Policies) shown(p types.ScalingPolicy) map[string]string {
	out := Policy{Name: aws.ToString(p.PolicyName), Target: engine.Lit(aws.ToString(p.ResourceId)), Metric: string(p.PolicyType)}
	c := p.TargetTrackingScalingPolicyConfiguration
	if c == nil {
		showStep(&out, p.StepScalingPolicyConfiguration)
		return engine.Shown(out)
	}
	out.Value = int(aws.ToFloat64(c.TargetValue))
	out.OutSeconds, out.InSeconds = int(aws.ToInt32(c.ScaleOutCooldown)), int(aws.ToInt32(c.ScaleInCooldown))
	if m := c.PredefinedMetricSpecification; m != nil {
		out.Metric = string(m.PredefinedMetricType)
		out.Balancer, out.Group = t.fromLabel(aws.ToString(m.ResourceLabel))
	}
	if m := c.CustomizedMetricSpecification; m != nil {
		showBacklog(&out, m)
	}
	if aws.ToBool(c.DisableScaleIn) {
		out.Metric += " without scale-in"
	}
	return engine.Shown(out)
}

// label names a load balancer and a target group as a policy wants it: the last parts
// of their ARNs.
func label(balancer, group string) *string {
	b, g := metric.BalancerName(balancer), metric.GroupName(group)
	if b == "" || g == "" {
		return nil
	}
	return aws.String(b + "/" + g)
}

// fromLabel are the ARNs that a label stands for.
func (t Policies) fromLabel(label string) (balancer, group engine.Ref) {
	b, g, ok := strings.Cut(label, "/targetgroup/")
	if !ok {
		return engine.Ref{}, engine.Ref{}
	}
	arn := "arn:" + t.Targets.Partition + ":elasticloadbalancing:" + t.Targets.Region + ":" + t.Targets.Account + ":"
	return engine.Lit(arn + "loadbalancer/" + b), engine.Lit(arn + "targetgroup/" + g)
}

// Create implements engine.Type. The name says that a policy of the name is berth's.
func (t Policies) Create(ctx context.Context, w engine.Desired[Policy]) (engine.Object, error) {
	arn, err := t.put(gate.JustMade(ctx), w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, partID(w.Want.Target.Value(), w.Want.Name), map[string]string{"arn": arn}), nil
}

// Update implements engine.Type: one call sets everything.
func (t Policies) Update(ctx context.Context, w engine.Desired[Policy], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) > 0 {
		if _, err := t.put(ctx, w.Want); err != nil {
			return object, err
		}
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// put makes or changes a policy and returns its ARN.
func (t Policies) put(ctx context.Context, want Policy) (arn string, err error) {
	in := &applicationautoscaling.PutScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension,
		ResourceId: aws.String(want.Target.Value()), PolicyName: &want.Name, PolicyType: types.PolicyTypeTargetTrackingScaling,
	}
	if want.Metric == MetricWake {
		in.PolicyType, in.StepScalingPolicyConfiguration = types.PolicyTypeStepScaling, want.step()
	} else {
		in.TargetTrackingScalingPolicyConfiguration = want.tracking()
	}
	out, err := t.Targets.API.PutScalingPolicy(ctx, in)
	if err != nil {
		return "", fmt.Errorf("setting the scaling policy %s: %w", want.Name, err)
	}
	return aws.ToString(out.PolicyARN), nil
}

// tracking is how a policy keeps its metric near its value.
func (p Policy) tracking() *types.TargetTrackingScalingPolicyConfiguration {
	out := &types.TargetTrackingScalingPolicyConfiguration{
		TargetValue:      aws.Float64(float64(p.Value)),
		ScaleOutCooldown: aws.Int32(int32(p.OutSeconds)), ScaleInCooldown: aws.Int32(int32(p.InSeconds)), //nolint:gosec // at most 3600
	}
	if p.Metric == MetricBacklog {
		out.CustomizedMetricSpecification = &types.CustomizedMetricSpecification{Metrics: p.backlog()}
		return out
	}
	out.PredefinedMetricSpecification = &types.PredefinedMetricSpecification{
		PredefinedMetricType: types.MetricType(p.Metric), ResourceLabel: label(p.Balancer.Value(), p.Group.Value()),
	}
	return out
}

// Delete implements engine.Type.
func (t Policies) Delete(ctx context.Context, object engine.Object) error {
	target, name, _ := strings.Cut(object.ID, " ")
	_, err := t.Targets.API.DeleteScalingPolicy(ctx, &applicationautoscaling.DeleteScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension, ResourceId: &target, PolicyName: &name,
	})
	if err != nil && !isGone(err) {
		return fmt.Errorf("deleting the scaling policy %s: %w", name, err)
	}
	return nil
}

var _ engine.Type[Policy] = Policies{}
