package metrics

import (
	"maps"
	"slices"
	"strings"
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
	Tags  map[string]string
	// Watched says that the alarm is looked at each minute, for its actions.
	Watched bool
	// Set is when somebody set its state, which holds until the next period ends.
	Set time.Time
}

func (p *CloudWatch) alarmRoutes(r *world.Router) {
	world.On(r, p.putMetricAlarm)
	world.On(r, p.describeAlarms)
	world.On(r, p.setAlarmState)
	world.On(r, p.deleteAlarms)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTagsForResource)
}

// putMetricAlarm makes or replaces an alarm. A replaced one keeps its tags and, until it is
// looked at again, its state. Source:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
func (p *CloudWatch) putMetricAlarm(rq *world.Request, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	name := aws.ToString(in.AlarmName)
	if err := check(in); err != nil {
		return nil, err
	}
	shown := types.MetricAlarm{
		AlarmName: in.AlarmName, AlarmArn: aws.String(p.arn(name)), AlarmDescription: in.AlarmDescription, Metrics: in.Metrics,
		MetricName: in.MetricName, Namespace: in.Namespace, Dimensions: in.Dimensions, Period: in.Period, Statistic: in.Statistic,
		ExtendedStatistic: in.ExtendedStatistic, Threshold: in.Threshold, ComparisonOperator: in.ComparisonOperator,
		EvaluationPeriods: in.EvaluationPeriods, DatapointsToAlarm: in.DatapointsToAlarm, TreatMissingData: in.TreatMissingData,
		AlarmActions: in.AlarmActions, ActionsEnabled: aws.Bool(in.ActionsEnabled == nil || *in.ActionsEnabled), StateValue: types.StateValueInsufficientData, AlarmConfigurationUpdatedTimestamp: aws.Time(rq.Now),
	}
	if have := p.s.Alarms.Get(name); have != nil {
		shown.StateValue, have.Shown = have.Shown.StateValue, shown
		p.Watch()
		return &cloudwatch.PutMetricAlarmOutput{}, nil
	}
	p.s.Alarms.Put(p.account, rq.Now, name, &alarm{Shown: shown, Tags: world.TagMap(in.Tags)})
	p.Watch()
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

// check refuses what AWS refuses, and what the sandbox does not know.
func check(in *cloudwatch.PutMetricAlarmInput) error {
	name, single := aws.ToString(in.AlarmName), in.MetricName != nil
	switch {
	case name == "" || len(name) > 255:
		return invalid("AlarmName must have between 1 and 255 characters.")
	case single == (len(in.Metrics) > 0):
		return invalid("Either the parameter MetricName or the parameter Metrics must be given.")
	case in.Threshold == nil || in.ComparisonOperator == "" || single && in.Namespace == nil:
		return invalid("The sandbox only knows alarms with a metric, a threshold and a comparison.")
	case aws.ToInt32(in.EvaluationPeriods) < 1 || aws.ToInt32(in.DatapointsToAlarm) > *in.EvaluationPeriods:
		return invalid("EvaluationPeriods must be at least 1, and DatapointsToAlarm not more.")
	case single && (aws.ToInt32(in.Period) < 60 || *in.Period%60 != 0):
		return invalid("The sandbox only knows periods that are multiples of 60 seconds.")
	case single:
		return nil
	}
	returned := slices.DeleteFunc(slices.Clone(in.Metrics), func(q types.MetricDataQuery) bool { return !aws.ToBool(q.ReturnData) })
	if len(returned) != 1 {
		return invalid("Exactly one element of the metrics list should return data.")
	}
	return checkQueries(in.Metrics)
}

func (p *CloudWatch) describeAlarms(rq *world.Request, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	if len(in.AlarmNames) > 100 || len(in.AlarmNames) > 0 && in.AlarmNamePrefix != nil {
		return nil, invalid("At most 100 AlarmNames can be given, and no AlarmNamePrefix with them.")
	}
	var all []types.MetricAlarm
	for _, a := range p.s.Alarms.List(rq) {
		name := *a.Shown.AlarmName
		if len(in.AlarmNames) > 0 && !slices.Contains(in.AlarmNames, name) || !strings.HasPrefix(name, aws.ToString(in.AlarmNamePrefix)) {
			continue
		}
		shown := a.Shown
		shown.StateValue = p.stateOf(a, rq.Now)
		all = append(all, shown)
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxRecords, 50)
	if err != nil {
		return nil, &types.InvalidNextToken{Message: aws.String("Invalid next token")}
	}
	return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: page, CompositeAlarms: []types.CompositeAlarm{}, NextToken: next}, nil
}

func (p *CloudWatch) setAlarmState(rq *world.Request, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	a := p.s.Alarms.Find(rq, aws.ToString(in.AlarmName))
	if a == nil {
		return nil, missing("Unknown alarm: " + aws.ToString(in.AlarmName))
	}
	a.Shown.StateValue, a.Set = in.StateValue, rq.Now
	return &cloudwatch.SetAlarmStateOutput{}, nil
}

func (p *CloudWatch) deleteAlarms(rq *world.Request, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	for _, name := range in.AlarmNames {
		if p.s.Alarms.Get(name) == nil { // one that is missing keeps all
			return nil, missing("Unknown alarm: " + name)
		}
	}
	for _, name := range in.AlarmNames {
		p.s.Alarms.Remove(rq.Now, name)
	}
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

func missing(text string) error { return world.APIError(404, "ResourceNotFound", "%s", text) }

func (p *CloudWatch) arn(name string) string { return p.account.ARN("cloudwatch", "alarm:"+name) }

// tagged is the alarm with an ARN.
func (p *CloudWatch) tagged(arn *string) (*alarm, error) {
	_, name, _ := strings.Cut(aws.ToString(arn), ":alarm:")
	a := p.s.Alarms.Get(name)
	if a == nil || p.arn(name) != aws.ToString(arn) {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Unknown alarm: " + name)}
	}
	return a, nil
}

func (p *CloudWatch) tagResource(_ *world.Request, in *cloudwatch.TagResourceInput) (*cloudwatch.TagResourceOutput, error) {
	a, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	maps.Copy(a.Tags, world.TagMap(in.Tags))
	return &cloudwatch.TagResourceOutput{}, nil
}

func (p *CloudWatch) untagResource(_ *world.Request, in *cloudwatch.UntagResourceInput) (*cloudwatch.UntagResourceOutput, error) {
	a, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(a.Tags, key)
	}
	return &cloudwatch.UntagResourceOutput{}, nil
}

func (p *CloudWatch) listTagsForResource(_ *world.Request, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
	a, err := p.tagged(in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &cloudwatch.ListTagsForResourceOutput{Tags: world.TagList[types.Tag](a.Tags)}, nil
}

// Locate names the alarm that a call is about; reading needs the right for all. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
func (p *CloudWatch) Locate(op string, in any) string {
	if arn := world.FieldText(in, "ResourceARN"); arn != "" {
		return arn
	}
	switch in := in.(type) {
	case *cloudwatch.PutMetricAlarmInput:
		return p.arn(aws.ToString(in.AlarmName))
	case *cloudwatch.DeleteAlarmsInput:
		if len(in.AlarmNames) == 1 {
			return p.arn(in.AlarmNames[0])
		}
	}
	return "*"
}

// Index implements world.Indexed.
func (p *CloudWatch) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Alarms, f, func(a *alarm) (string, map[string]string) { return *a.Shown.AlarmArn, a.Tags })
}

// dumped are queries without the ids of balancers and target groups, which differ from run to
// run.
func dumped(queries []types.MetricDataQuery) []types.MetricDataQuery {
	out := *world.Clone(&queries)
	for _, q := range out {
		if q.MetricStat == nil {
			continue
		}
		for i, d := range q.MetricStat.Metric.Dimensions {
			if value := aws.ToString(d.Value); strings.Count(value, "/") > 1 || strings.HasPrefix(value, "targetgroup/") {
				q.MetricStat.Metric.Dimensions[i].Value = aws.String(value[:strings.LastIndexByte(value, '/')])
			}
		}
	}
	return out
}

// Dump implements world.Service.
func (p *CloudWatch) Dump(d *world.Dumper) {
	for _, a := range p.s.Alarms.All() {
		s := a.Shown
		var actions []string
		for _, arn := range s.AlarmActions {
			_, policy, _ := strings.Cut(arn, ":resource/") // before it is an id that differs from run to run
			actions = append(actions, policy)
		}
		d.Add("cloudwatch.alarm", *s.AlarmArn, *s.AlarmName, map[string]any{
			"metrics": dumped(s.Metrics), "metric": s.MetricName, "dimensions": s.Dimensions, "threshold": s.Threshold, "comparison": s.ComparisonOperator,
			"periods": s.EvaluationPeriods, "points": s.DatapointsToAlarm, "missing": s.TreatMissingData, "actions": actions, "tags": a.Tags,
		})
	}
}
