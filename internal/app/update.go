package app

import (
	"github.com/berthdev/berth/internal/app/placing"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/settings"
	"github.com/berthdev/berth/internal/app/update"
	"github.com/compose-spec/compose-go/v2/types"
)

// serviceOf makes the Service of a workload that is kept running.
func serviceOf(s subject, i image, hosts []Host, w Workload) Service {
	out := Service{
		Workload: w, Replicas: replicasOf(s), Spot: settings.SpotOf(s.x.Spot), Restart: s.compose.Restart,
		GraceSeconds: s.x.Health.GraceSeconds, HealthPath: s.x.Health.Path, HealthPort: s.x.Health.Port,
		DrainSeconds: s.x.DrainSeconds, Hosts: hosts,
	}
	checkNetwork(s, out)
	alone := lone{subject: s, image: i, mounts: w.Mounts}
	on := placing.Service{Placing: w.Placing, Compose: s.compose, X: s.x, OneWriter: alone.writes(), Refuse: s.refuse, Notice: s.notice}
	if on.Global() {
		out.Global, out.Replicas, out.Update = true, 0, on.Update(update.Of(s.compose.Deploy, s.x.Update, 1, s.refuse))
		return out
	}
	out.Scaling = scaling.Of(s.x.Scaling(), scaling.Facts{
		Replicas: out.Replicas, Most: maxReplicas, OneWriter: alone.writes(), Counted: len(out.PublicPorts()) > 0 && !s.settings.Direct(),
	}, s.refuse)
	if sleep, err := scaling.ParseSleep(s.settings.Sleep.Value); s.settings.Sleep.Value != "" && err == nil {
		out.Scaling = sleep.With(out.Scaling, out.Replicas, s.refuse)
	}
	if out.Scaling != nil && out.Scaling.Fast {
		s.notice("x-berth.autoscaling.resolution_seconds", "AWS charges for metrics each 20 s and for their alarms: about $0.90 a month for each of cpu and memory")
	}
	out.Update = updateOf(s, out.Replicas, alone)
	out.Rollout = rollout.Of(rollout.Subject{Refuse: s.refuse, Notice: s.notice}, s.x.Rollout(), trafficOf(s, out, alone))
	if out.Rollout != nil && out.Update.EarlySuccess {
		s.refuse("x-berth.update.early_success", "early_success is not possible with a rollout", "the old tasks stay until the bake time is over",
			"remove early_success, or write rollout: rolling")
	}
	return out
}

// trafficOf is what decides whether ECS can move the traffic of a service.
func trafficOf(s subject, out Service, alone lone) rollout.Facts {
	routes := 0
	for _, p := range out.PublicPorts() {
		if routes++; p.Hosted {
			routes += len(out.Hosts) - 1
		}
	}
	return rollout.Facts{
		Routes: routes, Network: len(out.NetworkPorts()) > 0, Direct: s.settings.Direct(), OneWriter: alone.writes(),
		Connected: s.settings.Discovery.Value == "connect" && len(out.Exposed) > 0, Named: out.AllTCP || len(out.Exposed) > 0,
		Bounds: s.has("deploy.update_config.order") || s.has("deploy.update_config.parallelism") || s.x.Update.MinPercent != nil || s.x.Update.MaxPercent != nil,
	}
}

// maxReplicas is ECS's quota of tasks per service.
const maxReplicas = update.MaxReplicas

func replicasOf(s subject) int {
	n := s.compose.GetScale()
	if n > maxReplicas {
		s.refuse("deploy.replicas", "there are too many replicas", "ECS runs at most 5000 tasks for a service", "write a smaller number")
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

// updateOf is how a new version replaces the old one.
func updateOf(s subject, replicas int, alone lone) Update {
	u := update.Of(s.compose.Deploy, s.x.Update, replicas, s.refuse)
	alone.update(&u, replicas)
	if u.MinPercent >= 100 && u.MaxPercent <= 100 {
		s.refuse("x-berth.update", "these bounds leave no room for a deployment", "no task may stop and none may be added", "lower min_percent or raise max_percent")
	}
	if u.EarlySuccess {
		s.notice("x-berth.update.early_success", "a deployment ends when all new tasks are healthy: tasks that fail after that, while old ones still end, no longer bring the old version back")
	}
	return u
}
