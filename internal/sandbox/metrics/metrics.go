package metrics

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// CloudWatch answers for the metrics of services and target groups.
type CloudWatch struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs
}

// Needs are what CloudWatch needs of other services.
type Needs struct {
	Services Services
	Targets  Targets
	Queues   Queues
	Actions  Actions
}

// Queues are the queues of SQS.
type Queues interface {
	// Messages are those of a queue that waited and that somebody worked on at a time;
	// ok is false if it has no metrics.
	Messages(queue string, at time.Time) (waiting, working int, ok bool)
}

// Actions are what alarms start: scaling policies.
type Actions interface {
	Act(at time.Time, arn string)
}

// Services are the services of ECS.
type Services interface {
	// Ran is how many tasks of a service ran at a time, and what one of them used of
	// its memory, from 0 to 1.
	Ran(cluster, service string, at time.Time) (tasks int, memory float64)
}

// Targets are the target groups.
type Targets interface {
	// Answered is the HTTP status of the answers of a target group at a time; ok is
	// false if nothing in it answered.
	Answered(group string, at time.Time) (status int32, ok bool)
	// Counted are the requests that were sent to a target group in a period, and those
	// answered with 5xx; ok is false if none were ever sent.
	Counted(group string, at time.Time, period time.Duration) (requests, errors int, ok bool)
}

// New makes the CloudWatch of an account.
func New(account *world.Account) *CloudWatch { return &CloudWatch{account: account} }

// ID implements world.Service.
func (p *CloudWatch) ID() string { return cloudwatch.ServiceID }

// State implements world.Service.
func (p *CloudWatch) State() any { return &p.s }

// Routes implements world.Service.
func (p *CloudWatch) Routes(r *world.Router) {
	world.On(r, p.getMetricData)
	p.alarmRoutes(r)
	r.Event(minuteEvent, p.minute)
}

// late is how long after a minute its figures appear.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
const late = time.Minute

// getMetricData answers for single metrics; the sandbox knows no expressions.
func (p *CloudWatch) getMetricData(rq *world.Request, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	const most = 500
	if len(in.MetricDataQueries) == 0 || len(in.MetricDataQueries) > most {
		return nil, invalid("The collection MetricDataQueries must have between 1 and 500 members.")
	}
	if in.StartTime == nil || in.EndTime == nil || !in.StartTime.Before(*in.EndTime) {
		return nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	out := &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}}
	ids := map[string]bool{}
	for _, q := range in.MetricDataQueries {
		id := aws.ToString(q.Id)
		if ids[id] {
			return nil, invalid("The value " + id + " is used for more than one Id.")
		}
		ids[id] = true
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			return nil, invalid("The sandbox only knows queries with a MetricStat.")
		}
		result := types.MetricDataResult{
			Id: q.Id, Label: q.MetricStat.Metric.MetricName, StatusCode: types.StatusCodeComplete,
			Timestamps: []time.Time{}, Values: []float64{},
		}
		period := time.Duration(max(aws.ToInt32(q.MetricStat.Period), 60)) * time.Second
		for at := in.StartTime.Truncate(period); at.Before(*in.EndTime); at = at.Add(period) {
			if at.Before(*in.StartTime) || at.Add(period).After(rq.Now.Add(-late)) {
				continue
			}
			if value, ok := p.value(q.MetricStat, at, period); ok { // the newest first, as AWS has it
				result.Timestamps = append([]time.Time{at}, result.Timestamps...)
				result.Values = append([]float64{value}, result.Values...)
			}
		}
		out.MetricDataResults = append(out.MetricDataResults, result)
	}
	return out, nil
}

func invalid(text string) error { return world.APIError(400, "ValidationError", "%s", text) }

// value is the value of a metric in a period; ok is false if there is none.
func (p *CloudWatch) value(s *types.MetricStat, at time.Time, period time.Duration) (value float64, ok bool) {
	dimension := map[string]string{}
	for _, d := range s.Metric.Dimensions {
		dimension[aws.ToString(d.Name)] = aws.ToString(d.Value)
	}
	name := aws.ToString(s.Metric.MetricName)
	switch aws.ToString(s.Metric.Namespace) {
	case "AWS/ECS":
		cluster, service := dimension["ClusterName"], dimension["ServiceName"]
		tasks, memory := p.Needs.Services.Ran(cluster, service, at.Add(period/2))
		if tasks == 0 {
			return 0, false
		}
		switch name {
		case "CPUUtilization":
			if aws.ToString(s.Stat) == "SampleCount" { // each task reports once a minute
				return float64(tasks) * period.Minutes(), true
			}
			return 5 + 20*p.chance(service, at), true
		case "MemoryUtilization":
			return 100 * memory, true
		}
	case "AWS/SQS":
		waiting, working, ok := p.Needs.Queues.Messages(dimension["QueueName"], at.Add(period))
		switch name {
		case "ApproximateNumberOfMessagesVisible":
			return float64(waiting), ok
		case "ApproximateNumberOfMessagesNotVisible":
			return float64(working), ok
		}
	case "AWS/ApplicationELB":
		group := dimension["TargetGroup"]
		if requests, errors, ok := p.Needs.Targets.Counted(group, at, period); ok {
			return counted(name, requests, errors)
		}
		status, ok := p.Needs.Targets.Answered(group, at.Add(period/2))
		if !ok || dimension["LoadBalancer"] == "" {
			return 0, false
		}
		requests := float64(int(60+240*p.chance(group, at))) * period.Minutes()
		switch name {
		case "RequestCount":
			return requests, true
		case "HTTPCode_Target_5XX_Count": // AWS has no value for none
			return requests, status >= 500
		case "TargetResponseTime":
			if strings.HasPrefix(aws.ToString(s.Stat), "p") {
				return 0.020 + 0.060*p.chance(group+"time", at), true
			}
			return 0.015, true
		}
	}
	return 0, false
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

// chance is a number from 0 to 1 that depends on the seed, a name and the minute.
func (p *CloudWatch) chance(name string, at time.Time) float64 {
	sum := p.account.Hash("metric", name+at.UTC().Format(time.RFC3339))
	return float64(binary.BigEndian.Uint32(sum[:4])) / (1 << 32)
}

var _ world.Service = (*CloudWatch)(nil)
