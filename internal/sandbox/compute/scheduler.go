package compute

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// alive are tasks that the scheduler wants to run.
func alive(t *task) bool { return t.Desired == running }

// unstopped are tasks that have not stopped yet, wanted or not.
func unstopped(t *task) bool { return t.Last != stopped }

// well are wanted tasks that count as healthy.
func well(t *task) bool { return alive(t) && t.Healthy }

// tasksOf returns a service's tasks for which f is true, of one deployment or,
// with nil, of all, oldest first.
func (s *state) tasksOf(of *service, d *deployment, f func(*task) bool) []*task {
	var out []*task
	for _, t := range s.Tasks.All() {
		if t.Service == of.ARN && (d == nil || t.Deployment == d.ID) && f(t) {
			out = append(out, t)
		}
	}
	return out
}

func (s *state) count(of *service, d *deployment, f func(*task) bool) int {
	return len(s.tasksOf(of, d, f))
}

// scheduler is the service scheduler: it starts and stops tasks until a service is
// as its configuration asks.
type scheduler struct {
	account     *world.Account
	s           *state
	deployments *deployments
	placement   *placement
	fargate     *Fargate
	startup     *startup.Checks
}

// look compares the running tasks with the desired ones and starts and stops
// tasks. It is called when something may have changed, and does nothing when
// nothing has.
func (p *scheduler) look(at time.Time, arn string) {
	s := p.s.Services.Get(arn)
	if s == nil || s.Status == inactive {
		return
	}
	if s.Status == draining {
		p.drain(at, s)
		return
	}
	if r := s.shifting(); r != nil {
		p.shift(at, s, r)
		return
	}
	if s.daemon() {
		p.spread(at, s)
	}
	p.scaleIn(at, s)
	p.scaleOut(at, s)
	p.retire(at, s)
	p.settleService(at, s)
}

// drain stops the tasks of a deleted service; when the last one has stopped,
// the service is INACTIVE and its name is free.
func (p *scheduler) drain(at time.Time, s *service) {
	p.stopAll(at, s, p.s.tasksOf(s, nil, alive))
	if p.s.count(s, nil, unstopped) == 0 {
		s.Status, s.Deployments = inactive, nil
	}
}

// stopAll stops tasks for the scheduler.
func (p *scheduler) stopAll(at time.Time, s *service, tasks []*task) {
	for _, t := range tasks {
		p.deployments.say(at, s, "has stopped 1 running tasks: (task %s).", t.ID)
		reason := "Scaling activity initiated by (deployment " + t.Deployment + ")"
		p.fargate.stop(at, t, types.TaskStopCodeServiceSchedulerInitiated, reason)
	}
}

// scaleIn stops surplus tasks of the primary deployment: first those that are
// not healthy yet, then the newest.
func (p *scheduler) scaleIn(at time.Time, s *service) {
	tasks := p.s.tasksOf(s, s.Deployments[0], alive)
	extra := len(tasks) - int(s.Desired)
	if extra <= 0 {
		return
	}
	slices.Reverse(tasks)
	slices.SortStableFunc(tasks, func(a, b *task) int { return boolOrder(a.Healthy, b.Healthy) })
	p.stopAll(at, s, tasks[:extra])
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// starter returns the deployment whose tasks are started: the primary one or,
// if that has failed and nothing replaced it, the last one that has not failed.
func (s *service) starter() *deployment {
	for _, d := range s.Deployments {
		if d.Rollout != types.DeploymentRolloutStateFailed {
			return d
		}
	}
	return nil
}

// scaleOut starts tasks up to the desired count, within the maximum percent of
// all tasks.
func (p *scheduler) scaleOut(at time.Time, s *service) {
	d := s.starter()
	if d == nil {
		return
	}
	upper := int(s.Desired) * int(*s.Deployment.MaximumPercent) / 100
	all := p.s.count(s, nil, alive)
	mine := p.s.count(s, d, alive)
	p.deployments.stuck(at, s, d, mine, upper)
	if d != s.Deployments[0] {
		mine = all
	}
	for mine < int(s.Desired) && all < upper {
		if at.Before(d.Quiet) {
			p.account.Schedule(d.Quiet, "ecs.service.look", s.ARN)
			return
		}
		if s.daemon() && p.vacant(at, s, d) == nil {
			return // until the old task there has ended
		}
		s.Steady = false
		if !p.launched(at, s, d) {
			return
		}
		mine++
		all++
	}
}

// launched starts a task of a deployment, or says why that is not possible, and when the
// scheduler tries again.
func (p *scheduler) launched(at time.Time, s *service, d *deployment) bool {
	why := p.launch(at, s, d)
	if why == "" {
		return true
	}
	p.deployments.say(at, s, "%s", why)
	p.deployments.failed(at, s, d)
	// AWS waits a little before each retry, even before the throttle applies.
	d.Quiet = world.Latest(d.Quiet, at.Add(5*time.Second<<min(d.Streak-1, 7)))
	p.account.Schedule(d.Quiet, "ecs.service.look", s.ARN)
	return false
}

// retire stops tasks of older deployments as soon as enough healthy ones are
// left.
func (p *scheduler) retire(at time.Time, s *service) {
	d := s.Deployments[0]
	if d.Rollout == types.DeploymentRolloutStateFailed {
		return
	}
	lower := (int(s.Desired)*int(*s.Deployment.MinimumHealthyPercent) + 99) / 100
	healthy := p.s.count(s, nil, well)
	old := p.s.tasksOf(s, nil, func(t *task) bool { return alive(t) && t.Deployment != d.ID })
	var victims []*task
	for _, t := range old {
		if t.Healthy && healthy <= lower {
			continue
		}
		if t.Healthy {
			healthy--
		}
		victims = append(victims, t)
	}
	p.stopAll(at, s, victims)
}

// settleService ends the rollout when the primary deployment's tasks are
// healthy and no others are left, and adds the event of the steady state.
func (p *scheduler) settleService(at time.Time, s *service) {
	d := s.Deployments[0]
	s.Deployments = slices.DeleteFunc(s.Deployments, func(o *deployment) bool {
		return o != d && p.s.count(s, o, unstopped) == 0
	})
	if d.Rollout == types.DeploymentRolloutStateFailed {
		return
	}
	healthy := p.s.count(s, d, well)
	if d.Rollout == types.DeploymentRolloutStateInProgress {
		enough, alone := int(s.Desired), true
		if e := s.Deployment.EarlySuccessCriteria; e != nil && e.Enable {
			enough = (int(s.Desired)*int(cmp.Or(aws.ToInt32(e.HealthyPercent), 100)) + 99) / 100
			alone = e.SourceServiceRevisionCleanup != types.ServiceRevisionCleanupDeferred
		}
		if healthy < enough || alone && len(s.Deployments) > 1 {
			return
		}
		p.deployments.done(at, s)
	}
	if !s.Steady && len(s.Deployments) == 1 && healthy >= int(s.Desired) && p.s.count(s, nil, alive) == int(s.Desired) {
		s.Steady = true
		p.deployments.say(at, s, "has reached a steady state.")
	}
}
