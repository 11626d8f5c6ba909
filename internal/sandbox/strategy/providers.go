package strategy

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// CheckProviders checks capacity providers and a strategy that names them; own
// are the account's.
func CheckProviders(providers []string, strategy []types.CapacityProviderStrategyItem, own []string) error {
	for _, name := range providers {
		if name != "FARGATE" && name != "FARGATE_SPOT" && !slices.Contains(own, name) {
			return badInput("The specified capacity provider %s was not found. Specify a valid name or ARN and try again.", name)
		}
	}
	bases, weights := 0, int32(0)
	for _, item := range strategy {
		if !slices.Contains(providers, aws.ToString(item.CapacityProvider)) {
			return badInput("The specified capacity provider strategy contains a capacity provider that is not associated "+
				"with the cluster. Associate the capacity provider %s with the cluster and try again.", aws.ToString(item.CapacityProvider))
		}
		if item.Base > 0 {
			bases++
		}
		weights += item.Weight
	}
	if bases > 1 {
		return badInput("Only one capacity provider in a capacity provider strategy can have a base defined.")
	}
	if len(strategy) > 0 && weights == 0 {
		return badInput("A capacity provider strategy must contain at least one capacity provider with a weight greater than zero.")
	}
	return nil
}

// CheckCapacity checks the launch type and the strategy of tasks in a cluster with these
// capacity providers; without either, the cluster's default strategy applies.
func CheckCapacity(providers []string, usual []types.CapacityProviderStrategyItem, launch *types.LaunchType, strategy *[]types.CapacityProviderStrategyItem) error {
	if *launch != "" && len(*strategy) > 0 {
		return badInput("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")
	}
	if *launch == types.LaunchTypeEc2 || *launch == types.LaunchTypeExternal {
		return badInput("No Container Instances were found in your cluster.")
	}
	if *launch == "" && len(*strategy) == 0 {
		*strategy = usual
		if len(*strategy) == 0 {
			// If the cluster has no strategy either, the launch type is EC2.
			return badInput("No Container Instances were found in your cluster.")
		}
	}
	return CheckProviders(providers, *strategy, providers)
}
