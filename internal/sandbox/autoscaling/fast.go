package autoscaling

import (
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

const (
	fastEvent = "autoscaling.fast"
	// fastPeriod is the higher of ECS's two resolutions:
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MetricConfiguration.html
	fastPeriod = 20 * time.Second
	// fastPoints are those of a minute.
	fastPoints = int(time.Minute / fastPeriod)
)

// fast takes the data point of the 20 seconds that end, of a service that is measured so often.
func (p *AutoScaling) fast(at time.Time, id string) {
	l := p.s.Loads[id]
	if l == nil {
		return
	}
	cluster, name, _ := parts(id)
	scale, ok := p.Needs.Services.Scale(cluster, name)
	if l.Fast = ok && (scale.FastCPU || scale.FastMemory); !l.Fast {
		l.FastPoints = nil
		return
	}
	if n := float64(scale.Running); n > 0 {
		l.FastPoints = append(l.FastPoints, point{End: at, Work: Work{CPU: math.Min(100, l.Now.CPU/n), Memory: math.Min(100, l.Now.Memory/n)}})
		l.FastPoints = l.FastPoints[max(0, len(l.FastPoints)-2*lowPoints*fastPoints):]
	}
	p.account.Schedule(at.Add(p.account.Takes(world.FastMetricSeen)), alarmEvent, id)
	p.account.Schedule(at.Add(fastPeriod), fastEvent, id)
}

// points are the data points of a policy's metric that CloudWatch has, and how many of them
// its lower alarm looks at. A policy of the higher resolution has none of a service that is
// measured each minute.
func (p *AutoScaling) points(at time.Time, pol *policy, l *load, s Scale) (seen []point, low int) {
	measured := false
	switch pol.predefined() {
	case types.MetricTypeECSServiceAverageCPUUtilizationHighResolution:
		measured = s.FastCPU
	case types.MetricTypeECSServiceAverageMemoryUtilizationHighResolution:
		measured = s.FastMemory
	default:
		return pol.known(until(l.Points, at.Add(-p.account.Takes(world.MetricSeen)))), lowPoints
	}
	if measured {
		seen = until(l.FastPoints, at.Add(-p.account.Takes(world.FastMetricSeen)))
	}
	return seen, lowPoints * fastPoints
}

// predefined is the metric of a policy that tracks one of AWS's own; empty for others.
func (pol *policy) predefined() types.MetricType {
	if pol.Config == nil || pol.Config.PredefinedMetricSpecification == nil {
		return ""
	}
	return pol.Config.PredefinedMetricSpecification.PredefinedMetricType
}
