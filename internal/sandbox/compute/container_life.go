package compute

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
)

const (
	// givenUp is the exit code of a container that never started because a container
	// that it depends on cannot reach the condition:
	// https://github.com/aws/amazon-ecs-agent/pull/3218
	givenUp = 143
	// pendingTime is how long a task may be PENDING before ECS stops it:
	// https://github.com/aws/containers-roadmap/issues/2379
	pendingTime = 3 * time.Hour
	// defaultPeriod is how long a container must have run to be restarted, in seconds.
	defaultPeriod = 300
)

// definitionOf is a container's definition; the zero value if it is gone.
func (s *state) definitionOf(t *task, c *container) types.ContainerDefinition {
	if d := s.Definitions.Get(t.Definition); d != nil {
		for _, def := range d.Shown.ContainerDefinitions {
			if *def.Name == c.Name {
				return def
			}
		}
	}
	return types.ContainerDefinition{}
}

// startContainers starts the containers whose dependencies are resolved. The task
// becomes ACTIVATING once none waits any longer.
func (p *Fargate) startContainers(at time.Time, t *task) {
	for again := true; again; {
		again = false
		for i, c := range t.Containers {
			if c.Last != pending {
				continue
			}
			switch ready, why := p.resolved(at, t, c); {
			case why != "":
				c.Last, c.Exit, c.Reason, again = stopped, aws.Int32(givenUp), "CannotStartContainerError: dependency graph: "+why, true
				if c.Essential {
					p.end(at, t, types.TaskStopCodeTaskFailedToStart, "Task failed to start")
					return
				}
			case ready:
				p.startContainer(at, t, i)
				again = true
			}
		}
	}
	waits := slices.ContainsFunc(t.Containers, func(c *container) bool { return c.Last == pending })
	if !waits && t.Last == pending {
		t.Last = activating
		t.Version++
		p.account.Schedule(at.Add(activation), "ecs.task.running", t.ID)
	}
}

// resolved says whether a container may start; why is not empty if it never can.
func (p *Fargate) resolved(at time.Time, t *task, c *container) (ready bool, why string) {
	ready = true
	for _, d := range p.s.definitionOf(t, c).DependsOn {
		other := t.container(aws.ToString(d.ContainerName))
		if other == nil {
			continue // registering it was refused
		}
		begun, over := !other.Began.IsZero(), other.Last == stopped
		of := fmt.Sprintf("container ordering dependency [%s] for target [%s]", other.Name, c.Name)
		met := false
		switch d.Condition {
		case types.ContainerConditionStart:
			met = begun
		case types.ContainerConditionHealthy:
			met = other.Health == types.HealthStatusHealthy
			limit := p.s.definitionOf(t, other).StartTimeout
			if begun && !met && limit != nil && !at.Before(other.Began.Add(time.Duration(*limit)*time.Second)) {
				return false, of + " has timed out."
			}
		case types.ContainerConditionComplete:
			met = begun && over
		case types.ContainerConditionSuccess:
			met = begun && over && aws.ToInt32(other.Exit) == 0
			if over && !met {
				return false, "failed to resolve " + of + " as dependency did not exit successfully."
			}
		}
		if over && !begun {
			return false, "failed to resolve " + of + " because dependency will never start"
		}
		ready = ready && met
	}
	return ready, ""
}

// startContainer starts a container of a task, or starts it again.
func (p *Fargate) startContainer(at time.Time, t *task, i int) {
	c := t.Containers[i]
	again := !c.Began.IsZero()
	c.Last, c.Began, c.Exit = running, at, nil
	b := p.behaviour(t, c)
	if c.LogGroup != "" {
		script := containers.Script(c.Image, b, at)
		if len(t.commandOf(c.Name)) > 0 {
			script.Lines = nil // they are those of the image's own command
		}
		if again {
			p.needs.Logs.Resume(c.LogGroup, c.LogStream, script)
		} else {
			p.needs.Logs.Open(c.LogGroup, c.LogStream, script)
		}
	}
	if b.Ends {
		p.account.Schedule(at.Add(b.After), "ecs.task.exit", t.ID+"/"+strconv.Itoa(i))
	}
	if due, _ := p.checked(t, c); !due.IsZero() {
		p.account.Schedule(due, "ecs.container.checked", t.ID)
	}
	if limit := p.s.definitionOf(t, c).StartTimeout; limit != nil {
		p.account.Schedule(at.Add(time.Duration(*limit)*time.Second), "ecs.container.checked", t.ID)
	}
}

// containerChecked is the event at which the check of a container has a result, or
// its start time-out is over: others may start, or never will.
func (p *Fargate) containerChecked(at time.Time, id string) {
	if t := p.s.in(id, pending); t != nil && !t.Began.IsZero() {
		p.containerHealth(at, t)
		p.startContainers(at, t)
	}
}

// overdue is the event at which ECS stops a task that is still PENDING.
func (p *Fargate) overdue(at time.Time, id string) {
	if t := p.s.in(id, pending); t != nil {
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, "Task failed to start")
	}
}

// checked is when the check of a container has its first result, and whether that is
// good; zero without a check.
//
// The model: a check runs once per interval from the start; failures count from
// the end of the start period; a number of failures in a row makes it unhealthy.
func (p *Fargate) checked(t *task, c *container) (due time.Time, good bool) {
	h := p.s.checkOf(t, c)
	if h == nil || c.Began.IsZero() {
		return time.Time{}, false
	}
	interval := time.Duration(aws.ToInt32(h.Interval)) * time.Second
	limit := c.Began.Add(time.Duration(aws.ToInt32(h.StartPeriod))*time.Second + time.Duration(aws.ToInt32(h.Retries))*interval)
	b := p.behaviour(t, c)
	first := max(1, (b.Ready+interval-1)/interval)
	due = c.Began.Add(first * interval)
	good = !b.Sick && !due.After(limit)
	if !good {
		due = limit
	}
	return due, good
}

// restarts says whether the restart policy of a container that has just ended starts
// it again. The period runs from its last start:
// https://github.com/aws/amazon-ecs-agent/blob/master/ecs-agent/api/container/restart/restart.go
func (s *state) restarts(at time.Time, t *task, c *container, code int32) bool {
	r := s.definitionOf(t, c).RestartPolicy
	if r == nil || !aws.ToBool(r.Enabled) || t.Desired != running || slices.Contains(r.IgnoredExitCodes, code) {
		return false
	}
	period := time.Duration(defaultPeriod)
	if r.RestartAttemptPeriod != nil {
		period = time.Duration(*r.RestartAttemptPeriod)
	}
	return at.Sub(c.Began) >= period*time.Second
}

// waitedFor reports whether another container of the task waits for the end of
// this one, so that it ends by itself.
func (s *state) waitedFor(t *task, c *container) bool {
	d := s.Definitions.Get(t.Definition)
	if d == nil {
		return false
	}
	for _, def := range d.Shown.ContainerDefinitions {
		for _, dep := range def.DependsOn {
			ends := dep.Condition == types.ContainerConditionSuccess || dep.Condition == types.ContainerConditionComplete
			if ends && aws.ToString(dep.ContainerName) == c.Name {
				return true
			}
		}
	}
	return false
}
