package ecs

// Cluster is an ECS cluster. Outputs: id (the name), arn.
type Cluster struct {
	Name string `attr:"name,replace"`
	// CapacityProviders are FARGATE and FARGATE_SPOT.
	CapacityProviders []string       `attr:"capacity_providers,set"`
	DefaultStrategy   []StrategyItem `attr:"default_strategy,set"`
	// Insights is the containerInsights setting: disabled, enabled, enhanced.
	Insights string `attr:"insights"`
}

// StrategyItem is one line of a capacity provider strategy.
type StrategyItem struct {
	Provider     string
	Base, Weight int
}

// Type implements engine.Resource.
func (Cluster) Type() string { return "ecs.cluster" }
