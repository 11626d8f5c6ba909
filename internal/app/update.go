package app

import (
	"github.com/compose-spec/compose-go/v2/types"
)

// serviceOf makes the Service of a workload that is kept running.
func serviceOf(s subject, i image, hosts []Host, w Workload) Service {
	out := Service{
		Workload: w, Replicas: replicasOf(s), Spot: s.x.Spot, Restart: s.compose.Restart,
		GraceSeconds: s.x.Health.GraceSeconds, HealthPath: s.x.Health.Path, HealthPort: s.x.Health.Port,
		DrainSeconds: s.x.DrainSeconds, Hosts: hosts,
	}
	checkNetwork(s, out)
	out.Update = updateOf(s, out.Replicas, lone{subject: s, image: i, mounts: w.Mounts})
	return out
}

// maxReplicas is ECS's quota of tasks per service.
const maxReplicas = 5000

func replicasOf(s subject) int {
	n := s.compose.GetScale()
	if n > maxReplicas {
		s.refuse("deploy.replicas", "there are too many replicas", "ECS runs at most 5000 tasks for a service", "write a smaller number")
	}
	if d := s.compose.Deploy; d != nil && d.Mode != "" && d.Mode != "replicated" {
		s.refuse("deploy.mode", "deploy.mode "+d.Mode+" is not supported", s.keys.OfService("deploy.mode"), "write replicated, or restart: \"no\" for a job")
	}
	return n
}

// sayRestart says what has no effect of how a service or job is restarted, and gives
// notice if ECS restarts a service that the file does not.
func sayRestart(s subject) {
	policy, key := s.compose.Restart, "restart"
	if d := s.compose.Deploy; d != nil && d.RestartPolicy != nil && d.RestartPolicy.Condition != "" {
		policy, key = d.RestartPolicy.Condition, "deploy.restart_policy.condition"
	}
	for _, k := range []struct{ key, why string }{
		{"delay", s.keys.OfService("deploy.restart_policy.delay")}, {"max_attempts", s.keys.OfService("deploy.restart_policy.max_attempts")},
		{"window", "the circuit breaker decides when a task has failed"},
	} {
		if at := "deploy.restart_policy." + k.key; s.has(at) {
			s.notice(at, "%s has no effect: %s", at, k.why)
		}
	}
	switch {
	case s.job || !s.has(key):
	case policy == types.RestartPolicyNo || policy == "none":
		s.notice(key, "ECS restarts it nevertheless: it has ports or a healthcheck, so it is a service and not a job")
	case policy == types.RestartPolicyOnFailure:
		s.notice(key, "ECS restarts it even if it exits successfully")
	}
}

// updateOf is how a new version replaces the old one: by default all new tasks
// start before old ones stop, and a deployment that fails is rolled back.
func updateOf(s subject, replicas int, alone lone) Update {
	u := Update{MinPercent: 100, MaxPercent: 200, Breaker: true, Rollback: true}
	if d := s.compose.Deploy; d != nil && d.UpdateConfig != nil {
		u = updateConfig(s, u, d.UpdateConfig, replicas)
	}
	if p := s.x.Update.MinPercent; p != nil {
		u.MinPercent = *p
	}
	if p := s.x.Update.MaxPercent; p != nil {
		u.MaxPercent = *p
	}
	u.Failures = s.x.Update.Failures
	if u.Failures > 0 && !u.Breaker {
		s.refuse("x-berth.update.failures", "x-berth.update.failures has no effect", "deploy.update_config.failure_action: continue never gives a deployment up", "remove one of the two")
	}
	alone.update(&u, replicas)
	if u.MinPercent >= 100 && u.MaxPercent <= 100 {
		s.refuse("x-berth.update", "these bounds leave no room for a deployment", "no task may stop and none may be added", "lower min_percent or raise max_percent")
	}
	return u
}

// updateConfig converts the number of tasks to update at a time into percent. ECS
// rounds the lower bound up and the upper bound down.
func updateConfig(s subject, u Update, c *types.UpdateConfig, replicas int) Update {
	n := max(replicas, 1)
	batch := n
	if c.Parallelism != nil && *c.Parallelism > 0 {
		batch = min(n, int(min(*c.Parallelism, maxReplicas)))
	}
	switch c.Order {
	case "stop-first":
		u.MinPercent, u.MaxPercent = 100*(n-batch)/n, 100
	case "", "start-first":
		u.MaxPercent = 100 + (100*batch+n-1)/n
	default:
		s.refuse("deploy.update_config.order", "there is no order "+c.Order, "", "write start-first or stop-first")
	}
	switch c.FailureAction {
	case "", "rollback":
	case "pause":
		u.Rollback = false
	case "continue":
		u.Breaker, u.Rollback = false, false
	default:
		s.refuse("deploy.update_config.failure_action", "there is no failure action "+c.FailureAction, "", "write rollback, pause or continue")
	}
	return u
}
