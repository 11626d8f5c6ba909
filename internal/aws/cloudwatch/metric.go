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
)

// description is what people read at the alarm.
func (a Alarm) description() string {
	switch a.Metric {
	case MetricErrors:
		return "berth: requests answered with a status of 500 and above, in percent"
	case MetricLatency:
		return "berth: the time in milliseconds within which 95 percent of the requests were answered"
	}
	return ""
}

// queries are the metrics and the expression of an alarm. The metrics of target groups:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
// the functions of expressions:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func (a Alarm) queries() []types.MetricDataQuery {
	of := func(id, metric, stat string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: &id, ReturnData: aws.Bool(false), MetricStat: &types.MetricStat{
			Metric: &types.Metric{
				Namespace: aws.String("AWS/ApplicationELB"), MetricName: &metric,
				Dimensions: []types.Dimension{
					{Name: aws.String(groupDimension), Value: aws.String(groupIn(a.Group.Value()))},
					{Name: aws.String(balancerDimension), Value: aws.String(balancerIn(a.Balancer.Value()))},
				},
			},
			Period: aws.Int32(60), Stat: &stat,
		}}
	}
	expression := func(text string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: aws.String("value"), Expression: &text, Label: &a.Metric, ReturnData: aws.Bool(true)}
	}
	if a.Metric == MetricLatency {
		return []types.MetricDataQuery{of("latency", "TargetResponseTime", "p95"), expression("1000 * latency")}
	}
	return []types.MetricDataQuery{
		of("errors", "HTTPCode_Target_5XX_Count", "Sum"), of("requests", "RequestCount", "Sum"),
		expression("100 * FILL(errors, 0) / requests"),
	}
}

const groupDimension, balancerDimension = "TargetGroup", "LoadBalancer"

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
		Name: aws.ToString(a.AlarmName), Metric: "of its own", Above: aws.ToFloat64(a.Threshold),
		Points: int(aws.ToInt32(a.DatapointsToAlarm)), Minutes: int(aws.ToInt32(a.EvaluationPeriods)),
	}
	arn := "arn:" + t.Partition + ":elasticloadbalancing:" + t.Region + ":" + t.Account + ":"
	for _, q := range a.Metrics {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			continue
		}
		for _, d := range q.MetricStat.Metric.Dimensions {
			switch aws.ToString(d.Name) {
			case groupDimension:
				out.Group = engine.Lit(arn + aws.ToString(d.Value))
			case balancerDimension:
				out.Balancer = engine.Lit(arn + "loadbalancer/" + aws.ToString(d.Value))
			}
		}
	}
	for _, metric := range []string{MetricErrors, MetricLatency} {
		same := Alarm{Metric: metric, Group: out.Group, Balancer: out.Balancer}
		if reflect.DeepEqual(essence(same.queries()), essence(a.Metrics)) {
			out.Metric = metric
		}
	}
	if a.ComparisonOperator != types.ComparisonOperatorGreaterThanThreshold || aws.ToString(a.TreatMissingData) != notBreaching {
		out.Metric += ", compared otherwise"
	}
	return engine.Shown(out)
}

// essence is what counts of queries, in an order of its own.
func essence(queries []types.MetricDataQuery) map[string][]string {
	out := map[string][]string{}
	for _, q := range queries {
		words := []string{aws.ToString(q.Expression)}
		if s := q.MetricStat; s != nil && s.Metric != nil {
			words = append(words, aws.ToString(s.Metric.Namespace), aws.ToString(s.Metric.MetricName), aws.ToString(s.Stat), string(s.Unit))
			dimensions := map[string]string{}
			for _, d := range s.Metric.Dimensions {
				dimensions[aws.ToString(d.Name)] = aws.ToString(d.Value)
			}
			words = append(words, dimensions[groupDimension], dimensions[balancerDimension])
		}
		out[aws.ToString(q.Id)] = words
	}
	return out
}
