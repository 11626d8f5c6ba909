package compute

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// check polls the health of a running task until its service counts it as
// healthy or replaces it.
//
// A task counts when its container checks succeed and its targets are healthy;
// one without either counts 40 s after RUNNING (SDK, MinimumHealthyPercent).
func (p *Fargate) check(at time.Time, id string) {
	t := p.s.in(id, running)
	if t == nil || t.Healthy {
		return
	}
	s := p.s.Services.Get(t.Service)
	container, next := p.containerHealth(at, t)
	if container == types.HealthStatusUnhealthy {
		if s != nil {
			p.unfit(at, s, t, "(task "+t.ID+") failed container health checks.", "Task failed container health checks")
		}
		return
	}
	balancer, again, group, why := p.balancerHealth(at, s, t)
	if balancer == types.HealthStatusUnhealthy {
		p.unfit(at, s, t, sick(t, group, why), fmt.Sprintf("Task failed ELB health checks in (target-group %s)", group))
		return
	}
	if next.IsZero() || !again.IsZero() && again.Before(next) {
		next = again
	}
	if len(t.Targets) == 0 && !p.s.hasCheck(t) {
		if due := t.Started.Add(p.account.Takes(world.TaskSettled)); at.Before(due) {
			next = due
		}
	}
	if !next.IsZero() {
		p.account.Schedule(next, "ecs.task.check", id)
		return
	}
	t.Healthy = true
	t.Version++
	for _, name := range t.Names {
		p.needs.Names.Heal(name, t.ID)
	}
	if s != nil {
		p.healthy(at, s, t)
	}
}

// hasCheck reports whether an essential container has a health check.
func (s *state) hasCheck(t *task) bool {
	for _, c := range t.Containers {
		if c.Essential && s.checkOf(t, c) != nil {
			return true
		}
	}
	return false
}

func (s *state) checkOf(t *task, c *container) *types.HealthCheck {
	d := s.Definitions.Get(t.Definition)
	if d == nil {
		return nil
	}
	for _, def := range d.Shown.ContainerDefinitions {
		if *def.Name == c.Name {
			return def.HealthCheck
		}
	}
	return nil
}

// containerHealth sets the health of the containers and returns the worst of
// the essential ones, and when to check again while that is not known.
func (p *Fargate) containerHealth(at time.Time, t *task) (worst types.HealthStatus, next time.Time) {
	for _, c := range t.Containers {
		due, good := p.checked(t, c)
		switch {
		case due.IsZero() || c.Last == stopped:
			continue
		case at.Before(due):
			if c.Essential && (next.IsZero() || due.Before(next)) {
				next = due
			}
			continue
		case good:
			c.Health = types.HealthStatusHealthy
		default:
			c.Health = types.HealthStatusUnhealthy
			if c.Essential {
				worst = types.HealthStatusUnhealthy
			}
		}
	}
	return worst, next
}

// balancerHealth returns UNHEALTHY if a target group counts the task as
// unhealthy and the grace period is over, with the group and why; otherwise it returns when to check
// again, if the task's targets are not all healthy.
func (p *Fargate) balancerHealth(at time.Time, s *service, t *task) (h types.HealthStatus, next time.Time, group, why string) {
	for _, tt := range t.Targets {
		state, why, again, ok := p.needs.Targets.Health(at, tt.Group, tt.Key)
		if !ok {
			continue
		}
		switch state {
		case elbtypes.TargetHealthStateEnumHealthy:
			continue
		case elbtypes.TargetHealthStateEnumUnhealthy:
			grace := t.Started
			if s != nil {
				grace = grace.Add(time.Duration(aws.ToInt32(s.Grace)) * time.Second)
			}
			if !at.Before(grace) {
				return types.HealthStatusUnhealthy, time.Time{}, tt.Group, why
			}
			if grace.Before(again) {
				again = grace
			}
		case elbtypes.TargetHealthStateEnumUnused:
			// No event says when a rule is made; check less often after a
			// while.
			if at.Sub(t.Started) > 10*time.Minute {
				again = at.Add(time.Minute)
			}
		default:
		}
		if next.IsZero() || again.Before(next) {
			next = again
		}
	}
	return "", next, "", ""
}

// healthy makes a service count a task as healthy.
func (p *Fargate) healthy(at time.Time, s *service, t *task) {
	if d := s.deploymentOf(t); d != nil {
		d.Streak, d.Quiet = 0, time.Time{}
		reset := strategy.Breaker(s.Deployment).ResetOnHealthyTask
		if reset == nil || *reset {
			// "Once a service deployment has one or more successfully running
			// tasks, the failed task count resets to zero and stops being
			// evaluated." (SDK, Deployment.FailedTasks)
			d.Failed, d.Monitored = 0, false
		}
	}
	p.scheduler.look(at, s.ARN)
}

// unfit stops a task that failed its health checks; the service replaces it.
func (p *Fargate) unfit(at time.Time, s *service, t *task, event, reason string) {
	if d := s.deploymentOf(t); d != nil {
		p.deployments.failed(at, s, d)
	}
	p.deployments.say(at, s, "%s", event)
	p.stop(at, t, types.TaskStopCodeServiceSchedulerInitiated, reason)
	p.scheduler.look(at, s.ARN)
}
