package metrics

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// minuteEvent looks at an alarm with actions.
const minuteEvent = "cloudwatch.minute"

// Watch begins to look at the alarms with actions: one was made, or a queue got messages.
func (p *CloudWatch) Watch() {
	for _, a := range p.s.Alarms.All() {
		if len(a.Shown.AlarmActions) > 0 && !a.Watched {
			a.Watched = true
			p.account.Schedule(p.account.Now().Truncate(time.Minute).Add(time.Minute), minuteEvent, *a.Shown.AlarmName)
		}
	}
}

// minute takes the actions of an alarm that is on. A scaling policy is asked again each
// minute while its alarm stays on:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
// It ends when the alarm is off and no messages wait, so that the world can rest.
func (p *CloudWatch) minute(at time.Time, name string) {
	a := p.s.Alarms.Get(name)
	if a == nil {
		return
	}
	on := p.stateOf(a, at) == types.StateValueAlarm
	if on && aws.ToBool(a.Shown.ActionsEnabled) {
		for _, arn := range a.Shown.AlarmActions {
			p.Needs.Actions.Act(at, arn)
		}
	}
	if a.Watched = on || p.waiting(a, at); a.Watched {
		p.account.Schedule(at.Add(time.Minute), minuteEvent, name)
	}
}

// waiting says that a queue of an alarm has messages.
func (p *CloudWatch) waiting(a *alarm, at time.Time) bool {
	for _, q := range a.Shown.Metrics {
		if q.MetricStat == nil || aws.ToString(q.MetricStat.Metric.Namespace) != "AWS/SQS" {
			continue
		}
		if n, ok := p.value(q.MetricStat, at.Add(-time.Minute), time.Minute); ok && n > 0 {
			return true
		}
	}
	return false
}

// Refused is what CloudWatch refuses in queries that another service is to compute.
func (p *CloudWatch) Refused(queries []types.MetricDataQuery) error { return checkQueries(queries) }

// Figure is the value of the query that returns data, in the minute that ends at a time; ok
// is false if there is none.
func (p *CloudWatch) Figure(queries []types.MetricDataQuery, end time.Time) (value float64, ok bool) {
	return p.computed(queries, end.Add(-time.Minute), time.Minute)
}
