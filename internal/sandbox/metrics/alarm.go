package metrics

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// state is CloudWatch: the alarms by name.
type state struct {
	Alarms world.Table[alarm]
}

// alarm is a metric alarm.
type alarm struct {
	Shown types.MetricAlarm
	// Set is when somebody set its state, which holds until the next period ends.
	Set time.Time
}

func (p *CloudWatch) alarmRoutes(r *world.Router) {
	world.On(r, p.putMetricAlarm)
	world.On(r, p.describeAlarms)
	world.On(r, p.setAlarmState)
	world.On(r, p.deleteAlarms)
}

// putMetricAlarm makes or replaces an alarm of a single metric; the sandbox knows no
// expressions.
func (p *CloudWatch) putMetricAlarm(rq *world.Request, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	name := aws.ToString(in.AlarmName)
	switch {
	case name == "" || len(name) > 255:
		return nil, invalid("AlarmName must have between 1 and 255 characters.")
	case in.MetricName == nil || in.Namespace == nil || in.Threshold == nil || in.ComparisonOperator == "":
		return nil, invalid("The sandbox only knows alarms with a metric, a threshold and a comparison.")
	case aws.ToInt32(in.EvaluationPeriods) < 1 || aws.ToInt32(in.DatapointsToAlarm) > *in.EvaluationPeriods:
		return nil, invalid("EvaluationPeriods must be at least 1, and DatapointsToAlarm not more.")
	case aws.ToInt32(in.Period) < 60 || *in.Period%60 != 0:
		return nil, invalid("The sandbox only knows periods that are multiples of 60 seconds.")
	}
	shown := types.MetricAlarm{
		AlarmName: in.AlarmName, AlarmArn: aws.String(p.account.ARN("cloudwatch", "alarm:"+name)), AlarmDescription: in.AlarmDescription,
		MetricName: in.MetricName, Namespace: in.Namespace, Dimensions: in.Dimensions, Period: in.Period, Statistic: in.Statistic,
		ExtendedStatistic: in.ExtendedStatistic, Threshold: in.Threshold, ComparisonOperator: in.ComparisonOperator,
		EvaluationPeriods: in.EvaluationPeriods, DatapointsToAlarm: in.DatapointsToAlarm, TreatMissingData: in.TreatMissingData,
		ActionsEnabled: aws.Bool(true), StateValue: types.StateValueInsufficientData,
	}
	p.s.Alarms.Put(p.account, rq.Now, name, &alarm{Shown: shown})
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

func (p *CloudWatch) describeAlarms(rq *world.Request, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	out := &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []types.MetricAlarm{}, CompositeAlarms: []types.CompositeAlarm{}}
	for _, a := range p.s.Alarms.List(rq) {
		if len(in.AlarmNames) > 0 && !slices.Contains(in.AlarmNames, *a.Shown.AlarmName) {
			continue
		}
		shown := a.Shown
		shown.StateValue = p.stateOf(a, rq.Now)
		out.MetricAlarms = append(out.MetricAlarms, shown)
	}
	return out, nil
}

func (p *CloudWatch) setAlarmState(rq *world.Request, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	a := p.s.Alarms.Find(rq, aws.ToString(in.AlarmName))
	if a == nil {
		return nil, world.APIError(404, "ResourceNotFound", "Unknown alarm: %s", aws.ToString(in.AlarmName))
	}
	a.Shown.StateValue, a.Set = in.StateValue, rq.Now
	return &cloudwatch.SetAlarmStateOutput{}, nil
}

func (p *CloudWatch) deleteAlarms(rq *world.Request, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	for _, name := range in.AlarmNames {
		p.s.Alarms.Remove(rq.Now, name)
	}
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

// stateOf is the state of an alarm at a time: ALARM if enough of its last periods break its
// threshold. Without figures it is as TreatMissingData says, or INSUFFICIENT_DATA. Source:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
func (p *CloudWatch) stateOf(a *alarm, now time.Time) types.StateValue {
	period := time.Duration(*a.Shown.Period) * time.Second
	if !a.Set.IsZero() && now.Before(a.Set.Truncate(period).Add(period)) {
		return a.Shown.StateValue
	}
	stat := &types.MetricStat{
		Metric: &types.Metric{Namespace: a.Shown.Namespace, MetricName: a.Shown.MetricName, Dimensions: a.Shown.Dimensions},
		Period: a.Shown.Period, Stat: aws.String(string(a.Shown.Statistic)),
	}
	breaking, known := int32(0), 0
	for i := range *a.Shown.EvaluationPeriods {
		at := now.Truncate(period).Add(-time.Duration(i+1) * period)
		value, ok := p.value(stat, at, period)
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

// counted is a metric of a target group whose requests were counted. AWS has no value for
// none.
func counted(name string, requests, errors int) (float64, bool) {
	switch name {
	case "RequestCount":
		return float64(requests), requests > 0
	case "HTTPCode_Target_5XX_Count":
		return float64(errors), errors > 0
	case "TargetResponseTime":
		return 0.015, requests > 0
	}
	return 0, false
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
