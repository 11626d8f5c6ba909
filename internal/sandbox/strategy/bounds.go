package strategy

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// CheckBounds refuses combinations of settings that ECS refuses. Rebalancing starts a task
// before it stops one, and is for replica services without a Classic Load Balancer:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html and
// https://github.com/aws/aws-cdk/pull/32259 .
func CheckBounds(d types.DeploymentConfiguration, rebalance types.AvailabilityZoneRebalancing, balancers []types.LoadBalancer, grace *int32) error {
	least, most := aws.ToInt32(d.MinimumHealthyPercent), aws.ToInt32(d.MaximumPercent)
	if least >= 100 && most <= 100 {
		return badInput("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
	}
	if rebalance == types.AvailabilityZoneRebalancingEnabled && most <= 100 {
		return badInput("availabilityZoneRebalancing cannot be ENABLED when maximumPercent is less than or equal to 100.")
	}
	for _, lb := range balancers {
		if aws.ToString(lb.LoadBalancerName) != "" {
			return badInput("Classic Load Balancers are not supported with the awsvpc network mode.")
		}
	}
	if grace != nil && len(balancers) == 0 {
		return badInput("Health check grace period is only valid for services configured to use load balancers")
	}
	return nil
}

// Rebalance returns the setting for a new service: ENABLED unless the call
// says otherwise or the service cannot have it.
func Rebalance(asked types.AvailabilityZoneRebalancing, d types.DeploymentConfiguration) types.AvailabilityZoneRebalancing {
	if asked == "" && aws.ToInt32(d.MaximumPercent) <= 100 {
		return types.AvailabilityZoneRebalancingDisabled
	}
	return cmp.Or(asked, types.AvailabilityZoneRebalancingEnabled)
}
