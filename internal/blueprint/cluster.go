package blueprint

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// The capacity providers of Fargate.
const (
	onDemand = "FARGATE"
	spot     = "FARGATE_SPOT"
)

// cluster is the stage of the cluster. It returns the ARN of the environment's
// cluster or of an existing one, which the file may name without its ARN.
func (e environment) cluster() engine.Ref {
	s := e.spec.Settings
	switch named := s.Cluster.Value; {
	case strings.HasPrefix(named, "arn:"):
		return engine.Lit(named)
	case named != "":
		return engine.Lit(e.arn("ecs", "cluster/"+named))
	}
	role := e.add("ecs", iam.ServiceLinkedRole{Service: "ecs.amazonaws.com"})
	// Attaching capacity providers uses the service-linked role.
	return e.add("main", ecs.Cluster{
		Name:              ecs.ClusterName(e.owner, e.facts.Region),
		CapacityProviders: append([]string{onDemand, spot}, e.spec.Providers...),
		Open:              true, // other stacks, and their owners, attach their own
		DefaultStrategy:   strategy(s.Spot.Value.On()),
		Insights:          s.Insights.Value,
		Exec:              execConfig(s.ExecAudit.Value),
	}).After(role, engine.Ready).ARN().WhenReady()
}

// strategy is the capacity of tasks: the first on demand and further ones on Spot,
// or all on demand.
func strategy(onSpot bool) []ecs.StrategyItem {
	if onSpot {
		return []ecs.StrategyItem{{Provider: onDemand, Base: 1}, {Provider: spot, Weight: 1}}
	}
	return []ecs.StrategyItem{{Provider: onDemand, Weight: 1}}
}

// strategyIn is the capacity of tasks in a cluster. An existing cluster (c is not
// nil) keeps its capacity providers: without FARGATE_SPOT all tasks run on demand,
// and without FARGATE, as in most clusters that were not made for Fargate, tasks
// start by launch type, which needs no provider.
func strategyIn(c *existing.Cluster, onSpot bool) []ecs.StrategyItem {
	if c == nil {
		return strategy(onSpot)
	}
	if !slices.Contains(c.Providers, onDemand) {
		return nil
	}
	return strategy(onSpot && slices.Contains(c.Providers, spot))
}
