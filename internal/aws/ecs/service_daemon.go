package ecs

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// InstanceAttribute is the attribute of an instance with the name of its capacity provider:
// ECS has no such attribute of its own.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
const InstanceAttribute = "berth.provider"

// onEach is what a placement constraint for one capacity provider begins with.
const onEach = "attribute:" + InstanceAttribute + " == "

// setDaemon makes a new service one of which a task is on each instance of a capacity
// provider. ECS wants a launch type then and no strategy, and counts the instances itself.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon
func (s Service) setDaemon(in *ecs.CreateServiceInput) {
	if s.Daemon {
		in.SchedulingStrategy, in.LaunchType, in.DesiredCount = types.SchedulingStrategyDaemon, types.LaunchTypeEc2, nil
		in.PlacementConstraints = s.constraints()
	}
}

// constraints are those of a daemon, an empty list for none.
func (s Service) constraints() []types.PlacementConstraint {
	if s.Instances == "" {
		return []types.PlacementConstraint{}
	}
	return []types.PlacementConstraint{{Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String(onEach + s.Instances)}}
}

// otherInstances are those that no constraint of berth's names.
const otherInstances = "*"

// instancesShown is the capacity provider of a daemon's instances, and whether ECS shows it.
func instancesShown(s types.Service) (provider string, shown bool) {
	switch {
	case s.SchedulingStrategy != types.SchedulingStrategyDaemon:
		return "", true
	case s.PlacementConstraints == nil:
		return "", false
	}
	for _, c := range s.PlacementConstraints {
		if name, ok := strings.CutPrefix(aws.ToString(c.Expression), onEach); ok {
			return name, true
		}
	}
	return otherInstances, true
}
