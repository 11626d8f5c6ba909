package moto

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// figures asks for a metric of a service that does not run.
func (s *script) figures() {
	c, now := s.c.Metrics, time.Now()
	in := &cloudwatch.GetMetricDataInput{
		StartTime: p(now.Add(-5 * time.Minute)), EndTime: p(now),
		MetricDataQueries: []types.MetricDataQuery{{Id: p("m0"), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: p("AWS/ECS"), MetricName: p("CPUUtilization"), Dimensions: []types.Dimension{
				{Name: p("ClusterName"), Value: p("none")}, {Name: p("ServiceName"), Value: p("none")},
			}}, Period: p(int32(60)), Stat: p("Average"),
		}}},
	}
	shown := func(o *cloudwatch.GetMetricDataOutput) []any {
		r := first(o.MetricDataResults)
		return []any{len(o.MetricDataResults), r.Id, len(r.Values), len(r.Timestamps)}
	}
	try(s, notFound, c.GetMetricData, in, shown)
	twice := *in
	twice.MetricDataQueries = append(twice.MetricDataQueries, in.MetricDataQueries[0])
	try(s, "one id twice", c.GetMetricData, &twice, nil)
	s.alarms()
}

// alarms has an alarm of berth's kind, made, read, changed and deleted.
func (s *script) alarms() {
	c, name, arn := s.c.Metrics, p("berth/a/b/web/errors"), p("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:berth/a/b/web/errors")
	put := &cloudwatch.PutMetricAlarmInput{
		AlarmName: name, Threshold: p(5.0), ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, EvaluationPeriods: p(int32(3)),
		DatapointsToAlarm: p(int32(2)), TreatMissingData: p("notBreaching"), Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
		Metrics: []types.MetricDataQuery{
			{Id: p("errors"), ReturnData: p(false), MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: p("AWS/ApplicationELB"), MetricName: p("HTTPCode_Target_5XX_Count")}, Period: p(int32(60)), Stat: p("Sum"),
			}},
			{Id: p("value"), Expression: p("100 * errors"), ReturnData: p(true)},
		},
	}
	try(s, success, c.PutMetricAlarm, put, nil)
	try(s, duplicate, c.PutMetricAlarm, put, nil)
	shown := func(o *cloudwatch.DescribeAlarmsOutput) []any {
		return []any{len(o.MetricAlarms), first(o.MetricAlarms).AlarmArn, first(o.MetricAlarms).Threshold}
	}
	try(s, success, c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: p("berth/a/")}, shown)
	try(s, notFound, c.DescribeAlarms, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: p("berth/none/")}, shown)
	count := func(o *cloudwatch.ListTagsForResourceOutput) []any { return []any{len(o.Tags)} }
	try(s, success, c.ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: arn}, count)
	try(s, success, c.TagResource, &cloudwatch.TagResourceInput{ResourceARN: arn, Tags: put.Tags}, nil)
	try(s, success, c.UntagResource, &cloudwatch.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"berth:owner"}}, nil)
	gone := &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{*name}}
	try(s, success, c.DeleteAlarms, gone, nil)
	try(s, notFound, c.DeleteAlarms, gone, nil)
	try(s, notFound, c.ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: arn}, count)
}
