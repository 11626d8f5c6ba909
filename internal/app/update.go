package app

import (
	"github.com/compose-spec/compose-go/v2/types"
)

// service makes the Service of a workload that is kept running.
func (w *workload) service() Service {
	c := w.compose
	s := Service{
		Workload: w.Workload, Replicas: w.replicas(), Spot: w.x.Spot, Restart: c.Restart,
		GraceSeconds: w.x.Health.GraceSeconds, HealthPath: w.x.Health.Path, HealthPort: w.x.Health.Port,
		DrainSeconds: w.x.DrainSeconds, Hosts: w.Hosts,
	}
	w.checkNetwork(s)
	s.Update = w.update(s.Replicas)
	w.restart()
	return s
}

// maxReplicas is ECS's quota of tasks per service.
const maxReplicas = 5000

func (w *workload) replicas() int {
	n := w.compose.GetScale()
	if n > maxReplicas {
		w.refuse("deploy.replicas", "there are too many replicas", "ECS runs up to 5000 tasks for a service", "write a smaller number")
	}
	if d := w.compose.Deploy; d != nil && d.Mode != "" && d.Mode != "replicated" {
		w.refuse("deploy.mode", "deploy.mode "+d.Mode+" is not possible", w.keys[service+"deploy.mode"].Says, "write replicated, or restart: \"no\" for a job")
	}
	return n
}

// restart says where ECS restarts although the file does not.
func (w *workload) restart() {
	policy, key := w.compose.Restart, "restart"
	if d := w.compose.Deploy; d != nil && d.RestartPolicy != nil && d.RestartPolicy.Condition != "" {
		policy, key = d.RestartPolicy.Condition, "deploy.restart_policy.condition"
	}
	switch {
	case !w.has(key):
	case policy == types.RestartPolicyNo || policy == "none":
		w.notice(key, "ECS restarts it all the same: it has ports or a healthcheck, so it is a service and not a job")
	case policy == types.RestartPolicyOnFailure:
		w.notice(key, "ECS restarts it also when it ends well")
	}
}

// update is how a new version takes over: by default all new tasks start
// before old ones stop, and a deployment that fails is rolled back.
func (w *workload) update(replicas int) Update {
	u := Update{MinPercent: 100, MaxPercent: 200, Breaker: true, Rollback: true}
	if d := w.compose.Deploy; d != nil && d.UpdateConfig != nil {
		u = w.updateConfig(u, d.UpdateConfig, replicas)
	}
	if p := w.x.Update.MinPercent; p != nil {
		u.MinPercent = *p
	}
	if p := w.x.Update.MaxPercent; p != nil {
		u.MaxPercent = *p
	}
	w.aloneUpdate(&u, replicas)
	if u.MinPercent >= 100 && u.MaxPercent <= 100 {
		w.refuse("x-berth.update", "no deployment is possible within these bounds", "all tasks must stay and none may be added", "lower min_percent or raise max_percent")
	}
	return u
}

// updateConfig turns tasks at a time into per cent. ECS rounds the lower bound
// up and the upper bound down.
func (w *workload) updateConfig(u Update, c *types.UpdateConfig, replicas int) Update {
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
		w.refuse("deploy.update_config.order", "there is no order "+c.Order, "", "write start-first or stop-first")
	}
	switch c.FailureAction {
	case "", "rollback":
	case "pause":
		u.Rollback = false
	case "continue":
		u.Breaker, u.Rollback = false, false
	default:
		w.refuse("deploy.update_config.failure_action", "there is no failure action "+c.FailureAction, "", "write rollback, pause or continue")
	}
	return u
}
