package metrics

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// stateOf is the state of an alarm at a time: ALARM if enough of its last periods break its
// threshold. Without figures it is as TreatMissingData says, or INSUFFICIENT_DATA. Source:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
func (p *CloudWatch) stateOf(a *alarm, now time.Time) types.StateValue {
	period := periodOf(a.Shown)
	if !a.Set.IsZero() && now.Before(a.Set.Truncate(period).Add(period)) {
		return a.Shown.StateValue
	}
	breaking, known := int32(0), 0
	for i := range *a.Shown.EvaluationPeriods {
		at := now.Truncate(period).Add(-time.Duration(i+1) * period)
		value, ok := p.figure(a.Shown, at, period)
		switch {
		case ok:
			known++
			if breaks(a.Shown, value) {
				breaking++
			}
		case aws.ToString(a.Shown.TreatMissingData) == "breaching":
			known++
			breaking++
		case aws.ToString(a.Shown.TreatMissingData) == "notBreaching":
			known++
		}
	}
	needed := *a.Shown.EvaluationPeriods
	if n := aws.ToInt32(a.Shown.DatapointsToAlarm); n > 0 {
		needed = n
	}
	switch {
	case breaking >= needed:
		return types.StateValueAlarm
	case known == 0:
		return types.StateValueInsufficientData
	}
	return types.StateValueOk
}

// periodOf is the period of an alarm: that of its metric, or of all of them.
func periodOf(a types.MetricAlarm) time.Duration {
	seconds := aws.ToInt32(a.Period)
	for _, q := range a.Metrics {
		if q.MetricStat != nil {
			seconds = max(seconds, aws.ToInt32(q.MetricStat.Period))
		}
	}
	return time.Duration(max(seconds, 60)) * time.Second
}

// figure is what an alarm compares in a period; ok is false if there is none.
func (p *CloudWatch) figure(a types.MetricAlarm, at time.Time, period time.Duration) (value float64, ok bool) {
	if a.MetricName == nil {
		return p.computed(a.Metrics, at, period)
	}
	return p.value(&types.MetricStat{
		Metric: &types.Metric{Namespace: a.Namespace, MetricName: a.MetricName, Dimensions: a.Dimensions},
		Period: a.Period, Stat: aws.String(string(a.Statistic)),
	}, at, period)
}

// breaks says whether a value breaks an alarm's threshold.
func breaks(a types.MetricAlarm, value float64) bool {
	switch limit := *a.Threshold; a.ComparisonOperator {
	case types.ComparisonOperatorGreaterThanThreshold:
		return value > limit
	case types.ComparisonOperatorGreaterThanOrEqualToThreshold:
		return value >= limit
	case types.ComparisonOperatorLessThanThreshold:
		return value < limit
	case types.ComparisonOperatorLessThanOrEqualToThreshold:
		return value <= limit
	}
	return false
}

// InAlarm are those of some alarms that are in ALARM.
func (p *CloudWatch) InAlarm(at time.Time, names []string) (out []string) {
	for _, name := range names {
		if a := p.s.Alarms.Get(name); a != nil && p.stateOf(a, at) == types.StateValueAlarm {
			out = append(out, name)
		}
	}
	return out
}

// MissingAlarms are those names that no alarm has.
func (p *CloudWatch) MissingAlarms(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return p.s.Alarms.Get(name) != nil })
}
