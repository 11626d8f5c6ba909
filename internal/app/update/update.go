package update

import (
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/project"
)

// Update is how a new version replaces the old one.
type Update struct {
	// MinPercent and MaxPercent bound the number of tasks during a deployment, in
	// percent of Replicas.
	MinPercent, MaxPercent int
	// Breaker ends a deployment whose tasks keep failing; Rollback then returns
	// to the last version that worked.
	Breaker, Rollback bool
	// Failures is how many tasks may fail before that; 0 is ECS's default, half of the
	// replicas and at least 3.
	Failures int
	// EarlySuccess says that a deployment has succeeded when all new tasks are healthy,
	// while old ones still end.
	EarlySuccess bool `json:",omitempty"`
}

// MaxReplicas is ECS's quota of tasks per service.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
const MaxReplicas = 5000

// Refuse adds a problem of a key of the service.
type Refuse func(key, what, why, remedy string)

// Of is the update that deploy.update_config and x-berth.update ask for: by default all
// new tasks start before old ones stop, and a deployment that fails is rolled back.
func Of(d *types.DeployConfig, x project.XUpdate, replicas int, refuse Refuse) Update {
	u := Update{MinPercent: 100, MaxPercent: 200, Breaker: true, Rollback: true}
	if d != nil && d.UpdateConfig != nil {
		u.configure(d.UpdateConfig, replicas, refuse)
	}
	if x.MinPercent != nil {
		u.MinPercent = *x.MinPercent
	}
	if x.MaxPercent != nil {
		u.MaxPercent = *x.MaxPercent
	}
	u.Failures, u.EarlySuccess = x.Failures, x.EarlySuccess
	if u.Failures > 0 && !u.Breaker {
		refuse("x-berth.update.failures", "x-berth.update.failures has no effect", "deploy.update_config.failure_action: continue never gives a deployment up", "remove one of the two")
	}
	return u
}

// configure converts the number of tasks to update at a time into percent. ECS rounds
// the lower bound up and the upper bound down.
func (u *Update) configure(c *types.UpdateConfig, replicas int, refuse Refuse) {
	n := max(replicas, 1)
	batch := n
	if c.Parallelism != nil && *c.Parallelism > 0 {
		batch = min(n, int(min(*c.Parallelism, MaxReplicas)))
	}
	switch c.Order {
	case "stop-first":
		u.MinPercent, u.MaxPercent = 100*(n-batch)/n, 100
	case "", "start-first":
		u.MaxPercent = 100 + (100*batch+n-1)/n
	default:
		refuse("deploy.update_config.order", "there is no order "+c.Order, "", "write start-first or stop-first")
	}
	switch c.FailureAction {
	case "", "rollback":
	case "pause":
		u.Rollback = false
	case "continue":
		u.Breaker, u.Rollback = false, false
	default:
		refuse("deploy.update_config.failure_action", "there is no failure action "+c.FailureAction, "", "write rollback, pause or continue")
	}
}
