package autoscaling

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	cloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// own says that a policy tracks a metric of its own.
func (pol *policy) own() bool {
	return pol.Config != nil && pol.Config.CustomizedMetricSpecification != nil
}

// Watch begins to look at policies with metrics of their own: one was made, or a queue got
// messages.
func (p *AutoScaling) Watch() {
	for _, t := range p.s.Targets.All() {
		for _, pol := range t.Policies {
			if l := p.s.Loads[t.ID]; l != nil {
				l.Idle = 0
			} else if pol.own() {
				p.begin(t.ID, Work{})
			}
		}
	}
}

// begin takes data points of a service from the next minute on.
func (p *AutoScaling) begin(id string, l Work) {
	if p.s.Loads == nil {
		p.s.Loads = map[string]*load{}
	}
	p.s.Loads[id] = &load{Now: l, Fast: true}
	p.account.Schedule(p.account.Now().Truncate(time.Minute).Add(time.Minute), minuteEvent, id)
	p.account.Schedule(p.account.Now().Truncate(fastPeriod).Add(fastPeriod), fastEvent, id)
}

// own are the metrics of a target's policies with metrics of their own.
func (p *AutoScaling) own(at time.Time, id string) map[string]float64 {
	out := map[string]float64{}
	t := p.s.Targets.Get(id)
	if t == nil {
		return out
	}
	for _, pol := range t.Policies {
		if !pol.own() {
			continue
		}
		if v, ok := p.Needs.Figures.Figure(queries(pol.Config.CustomizedMetricSpecification), at); ok {
			out[pol.Name] = v
		}
	}
	return out
}

// queries are the metrics of a policy as CloudWatch has them.
func queries(c *types.CustomizedMetricSpecification) (out []cloudwatch.MetricDataQuery) {
	for _, q := range c.Metrics {
		one := cloudwatch.MetricDataQuery{Id: q.Id, Expression: q.Expression, ReturnData: aws.Bool(q.ReturnData == nil || *q.ReturnData)}
		if s := q.MetricStat; s != nil && s.Metric != nil {
			m := &cloudwatch.Metric{Namespace: s.Metric.Namespace, MetricName: s.Metric.MetricName}
			for _, d := range s.Metric.Dimensions {
				m.Dimensions = append(m.Dimensions, cloudwatch.Dimension{Name: d.Name, Value: d.Value})
			}
			one.MetricStat = &cloudwatch.MetricStat{Metric: m, Period: aws.Int32(60), Stat: s.Stat}
		}
		out = append(out, one)
	}
	return out
}

// idle is after how many minutes without anything the world may rest: long enough for the
// last tasks to be removed.
const idle = 4 * lowPoints

// ends says that a service whose only work is in queues has none any more.
func (l *load) ends(own map[string]float64) bool {
	if l.Now != (Work{}) {
		return false
	}
	for _, v := range own {
		if v > 0 {
			l.Idle = 0
			return false
		}
	}
	l.Idle++
	return l.Idle > idle
}

// known are the points that have the policy's metric.
func (pol *policy) known(points []point) (out []point) {
	if !pol.own() {
		return points
	}
	for _, pt := range points {
		if _, ok := pt.Own[pol.Name]; ok {
			out = append(out, pt)
		}
	}
	return out
}

// Act does what an alarm asks of a policy of steps. Within the cooldown it changes nothing:
// what came before counts.
// https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
func (p *AutoScaling) Act(at time.Time, arn string) {
	for _, t := range p.s.Targets.All() {
		cluster, name, _ := parts(t.ID)
		scale, ok := p.Needs.Services.Scale(cluster, name)
		for _, pol := range t.Policies {
			if !ok || pol.ARN != arn || pol.Step == nil || aws.ToBool(t.Suspended.DynamicScalingOutSuspended) || at.Before(t.Out.Add(seconds(pol.Step.Cooldown))) {
				continue
			}
			count := min(max(scale.Desired+aws.ToInt32(pol.Step.StepAdjustments[0].ScalingAdjustment), t.Min), t.Max)
			if count > scale.Desired {
				t.Out = at
				p.Needs.Services.SetDesired(at, cluster, name, count)
			}
		}
	}
}

// checkStep refuses what AWS refuses in a policy of steps, and what the sandbox does not know.
func checkStep(c *types.StepScalingPolicyConfiguration) error {
	if c == nil || len(c.StepAdjustments) == 0 || c.AdjustmentType == "" {
		return invalid("StepScalingPolicyConfiguration with an adjustment type and step adjustments is required for this policy type")
	}
	if c.AdjustmentType != types.AdjustmentTypeChangeInCapacity || len(c.StepAdjustments) != 1 {
		return invalid("The sandbox only knows one step that changes the capacity.")
	}
	return nil
}

// checkOwn refuses what AWS refuses in a metric of one's own.
func (p *AutoScaling) checkOwn(c *types.CustomizedMetricSpecification) error {
	returned, all := 0, queries(c)
	for _, q := range all {
		if aws.ToBool(q.ReturnData) {
			returned++
		}
	}
	if returned != 1 {
		return invalid("Exactly one element of the metrics list should return data")
	}
	if err := p.Needs.Figures.Refused(all); err != nil {
		return invalid("Invalid metrics: %s", err)
	}
	return nil
}
