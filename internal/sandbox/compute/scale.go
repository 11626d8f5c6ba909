package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/autoscaling"
	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Scale is how far an active service is scaled, for Application Auto Scaling.
func (p *ECS) Scale(cluster, name string) (autoscaling.Scale, bool) {
	s := p.s.Services.Get(p.account.ARN("ecs", "service/"+cluster+"/"+name))
	if s == nil || s.Status != active {
		return autoscaling.Scale{}, false
	}
	out := autoscaling.Scale{
		Desired: s.Desired, Deploying: s.Deployments[0].Rollout == types.DeploymentRolloutStateInProgress,
		FastCPU: strategy.Fast(s.Monitoring, "CPUUtilization"), FastMemory: strategy.Fast(s.Monitoring, "MemoryUtilization"),
	}
	for _, t := range p.s.tasksOf(s, nil, unstopped) {
		if t.Last == running {
			out.Running++
		}
	}
	for _, b := range s.Config.LoadBalancers {
		if b.TargetGroupArn != nil {
			out.Groups = append(out.Groups, *b.TargetGroupArn)
		}
	}
	return out, true
}

// SetDesired changes the number of a service's tasks, as Application Auto Scaling
// does.
func (p *ECS) SetDesired(at time.Time, cluster, name string, count int32) {
	s := p.s.Services.Get(p.account.ARN("ecs", "service/"+cluster+"/"+name))
	if s == nil || s.Status != active || s.Desired == count {
		return
	}
	s.Desired, s.Steady = count, false
	p.account.Schedule(at.Add(p.account.Takes(world.ServiceScheduler)), "ecs.service.look", s.ARN)
}
