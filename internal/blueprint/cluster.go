package blueprint

import (
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// The capacity providers of Fargate.
const (
	onDemand = "FARGATE"
	spot     = "FARGATE_SPOT"
)

// addCluster adds the environment's cluster, unless one is given.
func (b *builder) addCluster() {
	if b.app.Settings.Cluster.Value != "" {
		b.cluster = engine.Lit(b.existingCluster())
		return
	}
	role := b.graph.Add(b.env, "ecs", iam.ServiceLinkedRole{Service: "ecs.amazonaws.com"})
	// Attaching capacity providers uses the service-linked role.
	b.cluster = b.graph.Add(b.env, "main", ecs.Cluster{
		Name:              ClusterName(b.app, b.facts.Region),
		CapacityProviders: []string{onDemand, spot},
		DefaultStrategy:   strategy(b.app.Settings.Spot.Value),
		Insights:          b.app.Settings.Insights.Value,
	}).After(role, engine.Ready).ARN().WhenReady()
}

// strategy is where tasks run: the first on demand and further ones on Spot,
// or all on demand.
func strategy(onSpot bool) []ecs.StrategyItem {
	if onSpot {
		return []ecs.StrategyItem{{Provider: onDemand, Base: 1}, {Provider: spot, Weight: 1}}
	}
	return []ecs.StrategyItem{{Provider: onDemand, Weight: 1}}
}
