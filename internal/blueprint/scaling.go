package blueprint

import (
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/aws/cloudwatch"
	"github.com/berthdev/berth/internal/aws/metric"
	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/engine"
)

// addScaling adds what lets the load of a service decide how many tasks run: the
// range, and a policy for each metric. behind are the service's target groups.
func (r runner) addScaling(s app.Service, service *engine.Node, behind []target) {
	if s.Scaling == nil {
		return
	}
	of := r.add(s.Name, autoscaling.Target{
		Name: ServiceName(r.app, r.facts.Region, s.Name), Service: service.ARN(), Min: s.Scaling.Min, Max: s.Scaling.Max,
		Scheduled: scheduledRanges(s.Scaling),
	}).Label(s.Labels)
	for i, c := range s.Scaling.Schedule {
		r.add(part.Address(s.Name, strconv.Itoa(i+1)), autoscaling.ScheduledAction{
			Name: part.Name(r.owner, s.Name, strconv.Itoa(i+1)), Target: of.ID(),
			Expression: c.Expression.String(), Zone: c.Zone, Min: c.Min, Max: c.Max,
		})
	}
	for _, t := range s.Scaling.Targets {
		want := autoscaling.Policy{
			Name: part.Name(r.owner, s.Name, string(t.Metric)), Target: of.ID(), Value: t.Value,
			OutSeconds: s.Scaling.OutSeconds, InSeconds: s.Scaling.InSeconds,
		}
		switch t.Metric {
		case scaling.CPU:
			want.Metric = autoscaling.MetricCPU
		case scaling.Memory:
			want.Metric = autoscaling.MetricMemory
		case scaling.Queue:
			want.Metric, want.Queue = autoscaling.MetricBacklog, s.Scaling.QueueName()
		case scaling.Requests:
			if r.env.balancer == nil || len(behind) == 0 {
				continue
			}
			want.Metric, want.Balancer, want.Group = autoscaling.MetricRequests, r.env.balancer.arn, behind[0].group.ARN()
		}
		if s.Scaling.Fast {
			want.Metric = autoscaling.Fast(want.Metric)
		}
		r.add(part.Address(s.Name, string(t.Metric)), want)
	}
	r.addWake(s, of)
}

// wake is the name of what starts the first task of a service that has none.
const wake = "wake"

// wakeSeconds is how long the alarm may stay on before another task starts: longer than a
// start of a task and the figures that show it take.
const wakeSeconds = 300

// addWake adds an alarm that is on while messages wait and no task runs, and the policy that
// starts a task then: the messages for each task are no number without tasks.
func (r runner) addWake(s app.Service, of *engine.Node) {
	if !s.Scaling.FromZero() {
		return
	}
	step := r.add(part.Address(s.Name, wake), autoscaling.Policy{
		Name: part.Name(r.owner, s.Name, wake), Target: of.ID(), Metric: autoscaling.MetricWake, Value: 1,
		OutSeconds: wakeSeconds,
	})
	r.add(part.Address(s.Name, wake), cloudwatch.Alarm{
		Name: part.Name(r.owner, s.Name, wake), Metric: cloudwatch.MetricWaiting, Queue: s.Scaling.QueueName(), Target: of.ID(),
		Action: step.ARN(), Points: 1, Minutes: 1,
	}).Label(s.Labels)
}

// scheduledRanges are the ranges that the schedule of a service sets.
func scheduledRanges(s *scaling.Scaling) (out []string) {
	for _, c := range s.Schedule {
		out = append(out, autoscaling.ScheduledRange(c.Min, c.Max))
	}
	return out
}

// Scaling are the addresses of what scales a service with its load.
func Scaling(a *app.App, s app.Service) []engine.Address {
	if s.Scaling == nil {
		return nil
	}
	out := []engine.Address{{Owner: Stack(a), Type: autoscaling.Target{}.Type(), Name: s.Name}}
	for i := range s.Scaling.Schedule {
		out = append(out, engine.Address{
			Owner: Stack(a), Type: autoscaling.ScheduledAction{}.Type(), Name: part.Address(s.Name, strconv.Itoa(i+1)),
		})
	}
	for _, t := range s.Scaling.Targets {
		out = append(out, engine.Address{
			Owner: Stack(a), Type: autoscaling.Policy{}.Type(), Name: part.Address(s.Name, string(t.Metric)),
		})
	}
	if s.Scaling.FromZero() {
		out = append(out, engine.Address{Owner: Stack(a), Type: autoscaling.Policy{}.Type(), Name: part.Address(s.Name, wake)},
			engine.Address{Owner: Stack(a), Type: cloudwatch.Alarm{}.Type(), Name: part.Address(s.Name, wake)})
	}
	return out
}

// fastMetrics are the metrics that ECS measures more often for the scaling of a service.
func fastMetrics(s app.Service) (out []string) {
	if s.Scaling == nil || !s.Scaling.Fast {
		return nil
	}
	for _, t := range s.Scaling.Targets {
		switch t.Metric {
		case scaling.CPU:
			out = append(out, metric.CPU)
		case scaling.Memory:
			out = append(out, metric.Memory)
		}
	}
	return out
}

// count is the fixed number of a service's tasks or, if the load decides, the number
// that a new service starts with; neither for one task on each instance.
func count(s app.Service) (fixed, start *int) {
	if s.Global {
		return nil, nil
	}
	if s.Scaling != nil {
		return nil, &s.Scaling.Start
	}
	return &s.Replicas, nil
}
