package autoscaling

import (
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Work is the load of a service, which its running tasks share. CPU and Memory are
// in percent of one task, Requests a minute.
type Work struct{ CPU, Memory, Requests float64 }

// load is the present work, and the metrics of the last minutes.
type load struct {
	Now    Work
	Points []point
	// Fast says that FastPoints, those of 20 seconds each, are taken.
	Fast       bool
	FastPoints []point
	// Idle is for how many minutes nothing has happened, of a service with work in a queue
	// alone.
	Idle int
}

// point is what the metrics of a minute were: averages over the tasks. Own are those of
// policies with metrics of their own, by their names.
type point struct {
	End time.Time
	Work
	Own map[string]float64
}

const (
	minuteEvent = "autoscaling.minute"
	alarmEvent  = "autoscaling.alarms"
	// An alarm needs 3 data points above the target, or those of 15 minutes below it:
	// https://github.com/aws/containers-roadmap/issues/1208. That the lower one of 20-second
	// metrics takes 15 minutes, too, is an assumption.
	highPoints, lowPoints = 3, 15
	// lowShare is the low alarm's threshold as a share of the target: AWS's alarms
	// show 90 percent of it.
	lowShare = 0.9
)

// SetLoad gives a service work from now on; the zero Work ends its metrics.
func (p *AutoScaling) SetLoad(cluster, service string, l Work) {
	id := "service/" + cluster + "/" + service
	if l == (Work{}) {
		delete(p.s.Loads, id)
		return
	}
	if have := p.s.Loads[id]; have != nil {
		have.Now = l
		return
	}
	p.begin(id, l)
}

// minute takes the data point of the minute that ends. CloudWatch has it later.
func (p *AutoScaling) minute(at time.Time, id string) {
	l := p.s.Loads[id]
	cluster, name, _ := parts(id)
	scale, ok := p.Needs.Services.Scale(cluster, name)
	if l == nil || !ok {
		delete(p.s.Loads, id)
		return
	}
	own := p.own(at, id)
	if n := float64(scale.Running); n > 0 {
		l.Points = append(l.Points, point{at, Work{
			CPU: math.Min(100, l.Now.CPU/n), Memory: math.Min(100, l.Now.Memory/n), Requests: l.Now.Requests / n,
		}, own})
		l.Points = l.Points[max(0, len(l.Points)-2*lowPoints):]
	}
	if l.ends(own) {
		delete(p.s.Loads, id)
		return
	}
	p.account.Schedule(at.Add(p.account.Takes(world.MetricSeen)), alarmEvent, id)
	p.account.Schedule(at.Add(time.Minute), minuteEvent, id)
	if !l.Fast && (scale.FastCPU || scale.FastMemory) {
		l.Fast = true
		p.account.Schedule(at.Add(fastPeriod), fastEvent, id)
	}
}

// alarms looks at the alarms of a target's policies, and changes the number of
// tasks: the policy that wants the most wins, and all must agree to fewer.
func (p *AutoScaling) alarms(at time.Time, id string) {
	t, l := p.s.Targets.Get(id), p.s.Loads[id]
	cluster, name, _ := parts(id)
	scale, ok := p.Needs.Services.Scale(cluster, name)
	if t == nil || l == nil || !ok || len(t.Policies) == 0 {
		return
	}
	most, fewer := int32(0), slices.ContainsFunc(t.Policies, func(pol *policy) bool { return pol.Config != nil })
	for _, pol := range t.Policies {
		if pol.Config == nil || l.Now == (Work{}) && !pol.own() {
			continue
		}
		seen, of := p.points(at, pol, l, scale)
		n, high, low := pol.wants(seen, of, scale.Desired)
		most, fewer = max(most, n), fewer && low
		if high {
			fewer = false
		}
	}
	count := min(max(most, t.Min), t.Max)
	switch {
	case count > scale.Desired && !aws.ToBool(t.Suspended.DynamicScalingOutSuspended):
		t.Out = at
	case count < scale.Desired && fewer && !aws.ToBool(t.Suspended.DynamicScalingInSuspended) && p.mayScaleIn(at, t, scale):
		t.In = at
	default:
		return
	}
	p.Needs.Services.SetDesired(at, cluster, name, count)
}

// until are the data points that CloudWatch has: those whose time had ended by then.
func until(points []point, end time.Time) []point {
	n := 0
	for _, pt := range points {
		if !pt.End.After(end) {
			n++
		}
	}
	return points[:n]
}

// mayScaleIn says that no deployment and no cooldown forbids to remove tasks. AWS
// turns scale-in off while ECS deploys:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
func (p *AutoScaling) mayScaleIn(at time.Time, t *target, s Scale) bool {
	if s.Deploying {
		return false
	}
	for _, pol := range t.Policies {
		if pol.Config == nil {
			continue
		}
		if at.Before(t.In.Add(seconds(pol.Config.ScaleInCooldown))) || at.Before(t.Out.Add(seconds(pol.Config.ScaleOutCooldown))) {
			return false
		}
	}
	return true
}

// seconds is a cooldown; AWS's default for ECS services is 300 s.
func seconds(n *int32) time.Duration {
	if n == nil {
		return 300 * time.Second
	}
	return time.Duration(*n) * time.Second
}

// wants is the number of tasks at which a policy's metric would be at its target,
// and which of its alarms are on. The lower one looks at the last data
// points, as many as of says.
func (pol *policy) wants(points []point, of int, now int32) (n int32, high, low bool) {
	aim := aws.ToFloat64(pol.Config.TargetValue)
	over := last(points, highPoints, func(pt point) bool { return pol.metric(pt) > aim })
	under := last(points, of, func(pt point) bool { return pol.metric(pt) < lowShare*aim })
	low = under && !aws.ToBool(pol.Config.DisableScaleIn)
	if !over && !low {
		return now, over, low
	}
	latest := points[len(points)-1]
	return int32(math.Ceil(float64(now) * pol.metric(latest) / aim)), over, low
}

// last says that f is true of the last n data points, and that there are as many.
func last(points []point, n int, f func(point) bool) bool {
	if len(points) < n {
		return false
	}
	for _, pt := range points[len(points)-n:] {
		if !f(pt) {
			return false
		}
	}
	return true
}

// metric is the policy's metric in a data point.
func (pol *policy) metric(pt point) float64 {
	if pol.own() {
		return pt.Own[pol.Name]
	}
	switch pol.predefined() {
	case types.MetricTypeECSServiceAverageMemoryUtilization, types.MetricTypeECSServiceAverageMemoryUtilizationHighResolution:
		return pt.Memory
	case types.MetricTypeALBRequestCountPerTarget:
		return pt.Requests
	default:
		return pt.CPU
	}
}
