package strategy

import (
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// CheckKind refuses schedulers and placements that a service's capacity does not have, and
// what a daemon does not have.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon
func CheckKind(in *ecs.CreateServiceInput) error {
	if in.SchedulingStrategy != types.SchedulingStrategyDaemon {
		if len(in.PlacementConstraints)+len(in.PlacementStrategy) > 0 {
			return badInput("Placement strategies and constraints are not supported with FARGATE launch type.")
		}
		return nil
	}
	d := in.DeploymentConfiguration
	switch {
	case len(in.CapacityProviderStrategy) > 0:
		return badInput("A capacity provider strategy is not supported with the daemon scheduling strategy.")
	case in.LaunchType != types.LaunchTypeEc2:
		return badInput("The daemon scheduling strategy is not supported for AWS Fargate launch type")
	case in.DesiredCount != nil:
		return badInput("A desired count cannot be specified with the daemon scheduling strategy.")
	case len(in.PlacementStrategy) > 0:
		return badInput("Placement strategies are not supported with the daemon scheduling strategy.")
	case in.AvailabilityZoneRebalancing == types.AvailabilityZoneRebalancingEnabled:
		return badInput("availabilityZoneRebalancing is not supported with the daemon scheduling strategy.")
	case d == nil || aws.ToInt32(d.MaximumPercent) != 100:
		return badInput("The maximumPercent of a service with the daemon scheduling strategy must be 100.")
	case d.Strategy != "" && d.Strategy != types.DeploymentStrategyRolling:
		return badInput("The %s deployment strategy is not supported with the daemon scheduling strategy.", d.Strategy)
	}
	return CheckConstraints(in.PlacementConstraints)
}

// equality is the only expression of the cluster query language that the sandbox knows.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
var equality = regexp.MustCompile(`^attribute:([A-Za-z0-9_./-]+) == ([A-Za-z0-9_.:/-]+)$`)

// CheckConstraints refuses placement constraints that the sandbox does not know.
func CheckConstraints(list []types.PlacementConstraint) error {
	for _, c := range list {
		if c.Type != types.PlacementConstraintTypeMemberOf || !equality.MatchString(aws.ToString(c.Expression)) {
			return badInput("The sandbox only knows constraints memberOf with attribute:NAME == VALUE.")
		}
	}
	return nil
}

// Member says whether an instance with these attributes meets all constraints.
func Member(attributes map[string]string, list []types.PlacementConstraint) bool {
	for _, c := range list {
		if m := equality.FindStringSubmatch(aws.ToString(c.Expression)); m == nil || attributes[m[1]] != m[2] {
			return false
		}
	}
	return true
}
