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
}
