package sidecar

import (
	"fmt"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
)

// Restart is how ECS restarts a container within its task. ECS has no number of
// attempts: it restarts a container that has run for the period, as often as that
// happens, and never one that ends earlier.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html
type Restart struct {
	// Ignored are the exit codes after which it is not restarted.
	Ignored []int
	// PeriodSeconds is how long it must have run.
	PeriodSeconds int
}

// ECS's bounds of the period, in seconds.
const (
	minPeriod = 60
	maxPeriod = 1800
)

// Restart is how a sidecar is restarted within its task; nil if it is not.
func (s *Sidecars) Restart(name string) *Restart { return s.restarts[name] }

// decideEnd decides whether a sidecar ends while its task goes on, and whether the
// task ends with it.
func (s *Sidecars) decideEnd(name string) {
	policy, key := s.policy(name)
	s.ends[name] = s.awaited[name] || policy == types.RestartPolicyNo && s.has(name, key)
	s.essential[name] = !s.ends[name]
	x := s.project.Services[name].Essential
	if x == nil {
		return
	}
	if *x && s.awaited[name] {
		s.refuse(name, "x-berth.essential", "it cannot be essential", "another container of the task waits for its end, and a task stops with an essential container",
			"remove x-berth.essential, or the condition service_completed_successfully")
		return
	}
	s.essential[name] = *x
}

// policy is the restart policy of a service in the words of restart, with its key.
func (s *Sidecars) policy(name string) (policy, key string) {
	c := s.project.Compose.Services[name]
	if c.Deploy != nil && c.Deploy.RestartPolicy != nil && c.Deploy.RestartPolicy.Condition != "" {
		switch key = "deploy.restart_policy.condition"; c.Deploy.RestartPolicy.Condition {
		case "none":
			return types.RestartPolicyNo, key
		case "any":
			return types.RestartPolicyAlways, key
		}
		return c.Deploy.RestartPolicy.Condition, key
	}
	return c.Restart, "restart"
}

// restartOf is how a sidecar is restarted.
func (s *Sidecars) restartOf(name string) *Restart {
	policy, key := s.policy(name)
	kind, attempts, _ := strings.Cut(policy, ":")
	out := &Restart{PeriodSeconds: s.period(name)}
	switch kind {
	case "", types.RestartPolicyNo:
		return nil
	case types.RestartPolicyAlways, types.RestartPolicyUnlessStopped:
		if s.awaited[name] {
			s.refuse(name, key, "it is restarted when it ends, and another container waits for its end", "restart: "+policy, "write restart: on-failure or \"no\"")
			return nil
		}
	case types.RestartPolicyOnFailure:
		out.Ignored = []int{0}
	default:
		s.refuse(name, key, "there is no restart policy "+policy, "", "write on-failure, unless-stopped, always or \"no\"")
		return nil
	}
	earlier := "the task goes on without it"
	if s.essential[name] {
		earlier = "the task stops, and ECS starts another"
	}
	text := fmt.Sprintf("ECS restarts the container within its task once it has run for %d s; if it ends earlier, %s", out.PeriodSeconds, earlier)
	if attempts != "" {
		text = "ECS counts no attempts (" + policy + "): it" + strings.TrimPrefix(text, "ECS")
	}
	s.notice(name, key, "%s", text)
	return out
}

// period is the time that Compose calls the window: after it a start has succeeded.
func (s *Sidecars) period(name string) int {
	d := s.project.Compose.Services[name].Deploy
	if d == nil || d.RestartPolicy == nil || d.RestartPolicy.Window == nil {
		return minPeriod
	}
	want := int(time.Duration(*d.RestartPolicy.Window).Round(time.Second) / time.Second)
	return max(minPeriod, min(maxPeriod, want))
}
