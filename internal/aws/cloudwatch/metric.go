package cloudwatch

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/berthdev/berth/internal/aws/metric"
	"github.com/berthdev/berth/internal/engine"
)

// The metrics of an Alarm.
const (
	// MetricErrors is the share of a target group's requests that were answered with a
	// status of 500 and above, in percent.
	MetricErrors = "errors_percent"
	// MetricLatency is the time in milliseconds within which 95 percent of a target
	// group's requests were answered.
	MetricLatency = "latency_ms"
	// MetricWaiting is the messages that wait in a queue while no task of a service runs;
	// 0 while one does.
	MetricWaiting = "waiting"
)

// description is what people read at the alarm.
func (a Alarm) description() string {
	switch a.Metric {
	case MetricErrors:
		return "berth: requests answered with a status of 500 and above, in percent"
	case MetricLatency:
		return "berth: the time in milliseconds within which 95 percent of the requests were answered"
	case MetricWaiting:
		return "berth: messages wait and no task runs"
	}
	return ""
}

// query is a metric of an expression.
func query(id string, stat *types.MetricStat) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, ReturnData: aws.Bool(false), MetricStat: stat}
}

// queries are the metrics and the expression of an alarm. The metrics of target groups:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
// the number of tasks as samples of their load:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html#cw_running_task_count,
// the functions of expressions:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func (a Alarm) queries() []types.MetricDataQuery {
	ofGroup := func(id, name, stat string) types.MetricDataQuery {
		return query(id, metric.Stat(metric.Balancer, name, stat,
			metric.GroupDimension, metric.GroupName(a.Group.Value()), metric.BalancerDimension, metric.BalancerName(a.Balancer.Value())))
	}
	value := types.MetricDataQuery{Id: aws.String("value"), Label: &a.Metric, ReturnData: aws.Bool(true)}
	switch a.Metric {
	case MetricLatency:
		value.Expression = aws.String("1000 * latency")
		return []types.MetricDataQuery{ofGroup("latency", "TargetResponseTime", "p95"), value}
	case MetricWaiting:
		cluster, service, _ := strings.Cut(strings.TrimPrefix(a.Target.Value(), servicePrefix), "/")
		value.Expression = aws.String("IF(FILL(tasks, 0) < 1 && waiting > 0, waiting, 0)")
		return []types.MetricDataQuery{
			query("waiting", metric.Stat(metric.SQS, "ApproximateNumberOfMessagesVisible", "Maximum", metric.QueueDimension, a.Queue)),
			query("tasks", metric.Stat(metric.ECS, metric.CPU, "SampleCount", metric.ClusterDimension, cluster, metric.ServiceDimension, service)), value,
		}
	}
	value.Expression = aws.String("100 * FILL(errors, 0) / requests")
	return []types.MetricDataQuery{ofGroup("errors", "HTTPCode_Target_5XX_Count", "Sum"), ofGroup("requests", "RequestCount", "Sum"), value}
}

// servicePrefix begins the id of a scalable target of ECS.
const servicePrefix = "service/"

// shown are the attributes of an alarm. One whose figure is none of ours shows that as its
// metric, so that it counts as changed; so do other settings that only berth sets.
func (t Alarms) shown(a types.MetricAlarm) map[string]string {
	out := Alarm{
		Name: aws.ToString(a.AlarmName), Metric: "of its own", Above: aws.ToFloat64(a.Threshold), Action: engine.Lit(strings.Join(a.AlarmActions, " ")),
		Points: int(aws.ToInt32(a.DatapointsToAlarm)), Minutes: int(aws.ToInt32(a.EvaluationPeriods)),
	}
	dimensions, arn := dimensionsIn(a.Metrics), "arn:"+t.Partition+":elasticloadbalancing:"+t.Region+":"+t.Account+":"
	if group, ok := dimensions[metric.GroupDimension]; ok {
		out.Group, out.Balancer = engine.Lit(arn+group), engine.Lit(arn+"loadbalancer/"+dimensions[metric.BalancerDimension])
	}
	if queue, ok := dimensions[metric.QueueDimension]; ok {
		out.Queue, out.Target = queue, engine.Lit(servicePrefix+dimensions[metric.ClusterDimension]+"/"+dimensions[metric.ServiceDimension])
	}
	for _, kind := range []string{MetricErrors, MetricLatency, MetricWaiting} {
		same := Alarm{Metric: kind, Group: out.Group, Balancer: out.Balancer, Queue: out.Queue, Target: out.Target}
		if reflect.DeepEqual(essence(same.queries()), essence(a.Metrics)) {
			out.Metric = kind
		}
	}
	if a.ComparisonOperator != types.ComparisonOperatorGreaterThanThreshold || aws.ToString(a.TreatMissingData) != notBreaching || !aws.ToBool(a.ActionsEnabled) {
		out.Metric += ", compared otherwise"
	}
	return engine.Shown(out)
}

// dimensionsIn are the dimensions of all metrics, by their names.
func dimensionsIn(queries []types.MetricDataQuery) map[string]string {
	out := map[string]string{}
	for _, q := range queries {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			continue
		}
		for _, d := range q.MetricStat.Metric.Dimensions {
			out[aws.ToString(d.Name)] = aws.ToString(d.Value)
		}
	}
	return out
}

// essence is what counts of queries, by their ids.
func essence(queries []types.MetricDataQuery) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, q := range queries {
		words := dimensionsIn([]types.MetricDataQuery{q})
		words["expression"] = aws.ToString(q.Expression)
		if s := q.MetricStat; s != nil && s.Metric != nil {
			words["metric"] = aws.ToString(s.Metric.Namespace) + " " + aws.ToString(s.Metric.MetricName) + " " + aws.ToString(s.Stat) + string(s.Unit)
		}
		out[aws.ToString(q.Id)] = words
	}
	return out
}
