package compute

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// checkBounds refuses combinations of settings that ECS refuses. Rebalancing starts a task
// before it stops one, and is for replica services without a Classic Load Balancer:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html and
// https://github.com/aws/aws-cdk/pull/32259 .
func checkBounds(d types.DeploymentConfiguration, rebalance types.AvailabilityZoneRebalancing, r *revision, grace *int32) error {
	least, most := aws.ToInt32(d.MinimumHealthyPercent), aws.ToInt32(d.MaximumPercent)
	if least >= 100 && most <= 100 {
		return badInput("Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
	}
	if rebalance == types.AvailabilityZoneRebalancingEnabled && most <= 100 {
		return badInput("availabilityZoneRebalancing cannot be ENABLED when maximumPercent is less than or equal to 100.")
	}
	for _, lb := range r.LoadBalancers {
		if aws.ToString(lb.LoadBalancerName) != "" {
			return badInput("Classic Load Balancers are not supported with the awsvpc network mode.")
		}
	}
	if grace != nil && len(r.LoadBalancers) == 0 {
		return badInput("Health check grace period is only valid for services configured to use load balancers")
	}
	return nil
}

// checkKind refuses schedulers and controllers that Fargate does not have.
func checkKind(in *ecs.CreateServiceInput) error {
	if in.SchedulingStrategy == types.SchedulingStrategyDaemon {
		return badInput("The daemon scheduling strategy is not supported for AWS Fargate launch type")
	}
	if len(in.PlacementConstraints)+len(in.PlacementStrategy) > 0 {
		return badInput("Placement strategies and constraints are not supported with FARGATE launch type.")
	}
	return nil
}

// rebalanceOf returns the setting for a new service: ENABLED unless the call
// says otherwise or the service cannot have it.
func rebalanceOf(asked types.AvailabilityZoneRebalancing, d types.DeploymentConfiguration) types.AvailabilityZoneRebalancing {
	if asked == "" && aws.ToInt32(d.MaximumPercent) <= 100 {
		return types.AvailabilityZoneRebalancingDisabled
	}
	return cmp.Or(asked, types.AvailabilityZoneRebalancingEnabled)
}
