package cloudwatch

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

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

// metric is a metric of an expression; dimensions are names and values in turns.
func metric(id, namespace, name, stat string, dimensions ...string) types.MetricDataQuery {
	m := &types.Metric{Namespace: &namespace, MetricName: &name}
	for i := 0; i+1 < len(dimensions); i += 2 {
		m.Dimensions = append(m.Dimensions, types.Dimension{Name: &dimensions[i], Value: &dimensions[i+1]})
	}
	return types.MetricDataQuery{
		Id: &id, ReturnData: aws.Bool(false), MetricStat: &types.MetricStat{Metric: m, Period: aws.Int32(60), Stat: &stat},
	}
}

// The names of the dimensions by which the attributes are found again.
const (
	groupDimension    = "TargetGroup"
	balancerDimension = "LoadBalancer"
	queueDimension    = "QueueName"
	clusterDimension  = "ClusterName"
	serviceDimension  = "ServiceName"
)

// queries are the metrics and the expression of an alarm. The metrics of target groups:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
// the number of tasks as samples of their load:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html#cw_running_task_count,
// the functions of expressions:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func (a Alarm) queries() []types.MetricDataQuery {
	ofGroup := func(id, name, stat string) types.MetricDataQuery {
		return metric(id, "AWS/ApplicationELB", name, stat, groupDimension, groupIn(a.Group.Value()), balancerDimension, balancerIn(a.Balancer.Value()))
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
			metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", queueDimension, a.Queue),
			metric("tasks", "AWS/ECS", "CPUUtilization", "SampleCount", clusterDimension, cluster, serviceDimension, service), value,
		}
	}
	value.Expression = aws.String("100 * FILL(errors, 0) / requests")
	return []types.MetricDataQuery{ofGroup("errors", "HTTPCode_Target_5XX_Count", "Sum"), ofGroup("requests", "RequestCount", "Sum"), value}
}

// servicePrefix begins the id of a scalable target of ECS.
const servicePrefix = "service/"

// groupIn and balancerIn are what CloudWatch calls a target group and a load balancer: the
// last parts of their ARNs.
func groupIn(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

func balancerIn(arn string) string {
	_, name, _ := strings.Cut(arn, ":loadbalancer/")
	return name
}

// shown are the attributes of an alarm. One whose figure is none of ours shows that as its
// metric, so that it counts as changed; so do other settings that only berth sets.
func (t Alarms) shown(a types.MetricAlarm) map[string]string {
	out := Alarm{
		Name: aws.ToString(a.AlarmName), Metric: "of its own", Above: aws.ToFloat64(a.Threshold), Action: engine.Lit(strings.Join(a.AlarmActions, " ")),
		Points: int(aws.ToInt32(a.DatapointsToAlarm)), Minutes: int(aws.ToInt32(a.EvaluationPeriods)),
	}
	dimensions, arn := dimensionsIn(a.Metrics), "arn:"+t.Partition+":elasticloadbalancing:"+t.Region+":"+t.Account+":"
	if group, ok := dimensions[groupDimension]; ok {
		out.Group, out.Balancer = engine.Lit(arn+group), engine.Lit(arn+"loadbalancer/"+dimensions[balancerDimension])
	}
	if queue, ok := dimensions[queueDimension]; ok {
		out.Queue, out.Target = queue, engine.Lit(servicePrefix+dimensions[clusterDimension]+"/"+dimensions[serviceDimension])
	}
	for _, metric := range []string{MetricErrors, MetricLatency, MetricWaiting} {
		same := Alarm{Metric: metric, Group: out.Group, Balancer: out.Balancer, Queue: out.Queue, Target: out.Target}
		if reflect.DeepEqual(essence(same.queries()), essence(a.Metrics)) {
			out.Metric = metric
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
