package autoscaling

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/aws/metric"
)

// backlog are the metrics of MetricBacklog: the messages that wait or that a task works on,
// divided by the tasks that run. Messages under way count, so that the last task stays until
// it is done. The tasks are the samples of their processors' load, one a minute each, which
// needs no Container Insights. Sources:
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html#cw_running_task_count
func (p Policy) backlog() []types.TargetTrackingMetricDataQuery {
	of := func(id, namespace, name, stat string, dimensions ...string) types.TargetTrackingMetricDataQuery {
		m := &types.TargetTrackingMetric{Namespace: &namespace, MetricName: &name}
		for i := 0; i+1 < len(dimensions); i += 2 {
			m.Dimensions = append(m.Dimensions, types.TargetTrackingMetricDimension{Name: &dimensions[i], Value: &dimensions[i+1]})
		}
		return types.TargetTrackingMetricDataQuery{
			Id: &id, ReturnData: aws.Bool(false), MetricStat: &types.TargetTrackingMetricStat{Metric: m, Stat: &stat},
		}
	}
	cluster, service := targetParts(p.Target.Value())
	return []types.TargetTrackingMetricDataQuery{
		of("waiting", metric.SQS, "ApproximateNumberOfMessagesVisible", "Maximum", metric.QueueDimension, p.Queue),
		of("working", metric.SQS, "ApproximateNumberOfMessagesNotVisible", "Maximum", metric.QueueDimension, p.Queue),
		of("tasks", metric.ECS, metric.CPU, "SampleCount", metric.ClusterDimension, cluster, metric.ServiceDimension, service),
		{Id: aws.String("backlog"), Expression: aws.String("(waiting + working) / tasks"), Label: aws.String(MetricBacklog), ReturnData: aws.Bool(true)},
	}
}

// targetParts are the cluster and the service in a target's id.
func targetParts(id string) (cluster, service string) {
	cluster, service, _ = strings.Cut(strings.TrimPrefix(id, "service/"), "/")
	return cluster, service
}

// showBacklog shows the queue of a metric of one's own. Another metric than MetricBacklog
// shows as such, so that it counts as changed.
func showBacklog(out *Policy, m *types.CustomizedMetricSpecification) {
	for _, q := range m.Metrics {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			continue
		}
		for _, d := range q.MetricStat.Metric.Dimensions {
			if aws.ToString(d.Name) == metric.QueueDimension {
				out.Queue = aws.ToString(d.Value)
			}
		}
	}
	out.Metric = "of its own"
	if reflect.DeepEqual(essence(m.Metrics), essence(out.backlog())) {
		out.Metric = MetricBacklog
	}
}

// essence is what counts of metrics, by their ids.
func essence(queries []types.TargetTrackingMetricDataQuery) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, q := range queries {
		words := map[string]string{"expression": aws.ToString(q.Expression)}
		if s := q.MetricStat; s != nil && s.Metric != nil {
			words["metric"] = aws.ToString(s.Metric.Namespace) + " " + aws.ToString(s.Metric.MetricName) + " " + aws.ToString(s.Stat)
			for _, d := range s.Metric.Dimensions {
				words["of "+aws.ToString(d.Name)] = aws.ToString(d.Value)
			}
		}
		out[aws.ToString(q.Id)] = words
	}
	return out
}

// step is how a policy of MetricWake adds tasks. An alarm that stays on asks again each
// minute; what came within the cooldown counts.
func (p Policy) step() *types.StepScalingPolicyConfiguration {
	return &types.StepScalingPolicyConfiguration{
		AdjustmentType: types.AdjustmentTypeChangeInCapacity, MetricAggregationType: types.MetricAggregationTypeMaximum,
		Cooldown: aws.Int32(int32(p.OutSeconds)), //nolint:gosec // at most 3600
		StepAdjustments: []types.StepAdjustment{{
			MetricIntervalLowerBound: aws.Float64(0), ScalingAdjustment: aws.Int32(int32(p.Value)), //nolint:gosec // one
		}},
	}
}

// showStep shows a policy of steps; one of other steps than MetricWake's shows as such.
func showStep(out *Policy, c *types.StepScalingPolicyConfiguration) {
	if c == nil {
		return
	}
	out.OutSeconds = int(aws.ToInt32(c.Cooldown))
	if len(c.StepAdjustments) > 0 {
		out.Value = int(aws.ToInt32(c.StepAdjustments[0].ScalingAdjustment))
	}
	if want := out.step(); c.AdjustmentType != want.AdjustmentType || len(c.StepAdjustments) != 1 ||
		aws.ToFloat64(c.StepAdjustments[0].MetricIntervalLowerBound) != 0 || c.StepAdjustments[0].MetricIntervalUpperBound != nil {
		out.Metric += " in other steps"
	}
}
