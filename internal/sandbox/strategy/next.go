package strategy

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Next is the capacity provider of the next task: first the base, then by weight. have is how
// many tasks run on each.
func Next(strategy []types.CapacityProviderStrategyItem, have map[string]int) string {
	best, bestLoad := "", 0.0
	for _, item := range strategy {
		name := aws.ToString(item.CapacityProvider)
		if have[name] < int(item.Base) {
			return name
		}
		if item.Weight == 0 {
			continue
		}
		load := float64(have[name]-int(item.Base)) / float64(item.Weight)
		if best == "" || load < bestLoad {
			best, bestLoad = name, load
		}
	}
	return best
}
