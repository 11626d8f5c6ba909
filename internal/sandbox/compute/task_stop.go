package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// stop begins the end of a task: its targets drain, then its containers get
// SIGTERM, and SIGKILL when their stop time-out is over.
//
// The sandbox's containers ignore SIGTERM, like a program that runs as process
// 1 without a handler: the stop time-out always passes in full.
func (p *Fargate) stop(at time.Time, t *task, code types.TaskStopCode, reason string) {
	if t.Desired == stopped {
		return
	}
	if t.Began.IsZero() {
		p.end(at, t, code, reason)
		return
	}
	t.Desired, t.StopCode, t.Reason, t.Stopping, t.Last = stopped, code, reason, at, deactivating
	t.Version++
	p.changed(at, t)
	p.account.Schedule(at.Add(p.leave(at, t)), "ecs.task.term", t.ID)
}

// leave removes a task from its target groups and names and returns how long
// the targets drain.
func (p *Fargate) leave(at time.Time, t *task) time.Duration {
	for _, name := range t.Names {
		p.needs.Names.Leave(name, t.ID)
	}
	var delay time.Duration
	s := p.s.Services.Get(t.Service)
	for _, tt := range t.Targets {
		drains, ok := p.needs.Targets.Deregister(at, tt.Group, tt.Key)
		if !ok {
			continue
		}
		if s != nil {
			p.deployments.say(at, s, "has begun draining connections on 1 tasks.")
			p.deployments.say(at, s, "deregistered 1 targets in (target-group %s)", tt.Group)
		}
		delay = max(delay, drains)
	}
	t.Names, t.Targets = nil, nil
	return delay
}

// term sends SIGTERM to the containers: the targets have drained.
func (p *Fargate) term(at time.Time, id string) {
	t := p.s.Tasks.Get(id)
	if t == nil || t.Last != deactivating {
		return
	}
	t.Last = stopping
	t.Version++
	p.account.Schedule(at.Add(p.s.stopTime(t)), "ecs.task.kill", id)
}

// stopTime is the longest stop time-out of a task's containers; the default is
// 30 s.
func (s *state) stopTime(t *task) time.Duration {
	longest := time.Duration(0)
	d := s.Definitions.Get(t.Definition)
	if d == nil {
		return 30 * time.Second
	}
	for _, c := range d.Shown.ContainerDefinitions {
		seconds := 30
		if c.StopTimeout != nil {
			seconds = int(*c.StopTimeout)
		}
		longest = max(longest, time.Duration(seconds)*time.Second)
	}
	return longest
}

// kill ends a task whose stop time-out is over.
func (p *Fargate) kill(at time.Time, id string) {
	if t := p.s.Tasks.Get(id); t != nil && t.Last == stopping {
		p.end(at, t, t.StopCode, t.Reason)
	}
}

// end stops a task at once: because it failed to start, ended by itself, or its
// stop time-out is over.
func (p *Fargate) end(at time.Time, t *task, code types.TaskStopCode, reason string) {
	if t.Last == stopped {
		return
	}
	p.leave(at, t)
	wanted := t.Desired == running
	t.Desired, t.Last, t.StopCode, t.Reason = stopped, stopped, code, reason
	t.Version++
	if t.Stopping.IsZero() {
		t.Stopping = at
	}
	t.ExecEnd, t.Stopped = at, at
	for _, c := range t.Containers {
		if c.Last == running {
			p.exit(at, c, 137, "")
		}
		c.Last = stopped
	}
	p.needs.Interfaces.Release(t.ENI, at.Add(p.account.Takes(world.TaskInterface)))
	p.account.Schedule(at.Add(taskMemory), "ecs.task.forgotten", t.ID)
	p.machines.leaves(at, t)
	p.changed(at, t)
	s := p.s.Services.Get(t.Service)
	if s == nil {
		return
	}
	d := s.deploymentOf(t)
	byItself := code == types.TaskStopCodeEssentialContainerExited || code == types.TaskStopCodeTaskFailedToStart
	if d != nil && wanted && byItself && !t.Healthy {
		p.deployments.failed(at, s, d)
		p.deployments.throttles(at, s, d, code)
	}
	p.account.Schedule(at, "ecs.service.look", s.ARN)
}

// StopRandomTask kills a running task of a service, as if it had run out of
// memory, and returns its ARN; "" if none runs. The choice depends on the seed
// and the time.
func (p *Fargate) StopRandomTask() string {
	now := p.account.Now()
	var candidates []*task
	for _, t := range p.s.Tasks.All() {
		if t.Service != "" && t.Last == running && alive(t) {
			candidates = append(candidates, t)
		}
	}
	if len(candidates) == 0 {
		return ""
	}
	t := candidates[int(p.account.Chance("stop", now.String())*float64(len(candidates)))]
	for _, c := range t.Containers {
		if c.Essential {
			c.Reason = outOfMemory
			p.exit(now, c, 137, "")
			break
		}
	}
	p.end(now, t, types.TaskStopCodeEssentialContainerExited, "Essential container in task exited")
	return t.ARN
}

// shownTime returns a time as AWS shows it; nil if it has not come yet.
func shownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return aws.Time(t)
}
