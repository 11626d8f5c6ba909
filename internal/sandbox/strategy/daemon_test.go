package strategy_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
)

// TestWhatADaemonHas changes a call that ECS accepts by one thing that a daemon has not.
func TestWhatADaemonHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		change     func(*ecs.CreateServiceInput)
	}{
		{"as it is", "", func(*ecs.CreateServiceInput) {}},
		{"on Fargate", "Fargate launch type", func(in *ecs.CreateServiceInput) { in.LaunchType = types.LaunchTypeFargate }},
		{"a strategy", "capacity provider strategy", func(in *ecs.CreateServiceInput) {
			in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("big"), Weight: 1}}
		}},
		{"a number of tasks", "desired count", func(in *ecs.CreateServiceInput) { in.DesiredCount = aws.Int32(1) }},
		{"two tasks on an instance", "maximumPercent", func(in *ecs.CreateServiceInput) { in.DeploymentConfiguration.MaximumPercent = aws.Int32(200) }},
		{"no bounds", "maximumPercent", func(in *ecs.CreateServiceInput) { in.DeploymentConfiguration = nil }},
		{"a canary", "CANARY deployment strategy", func(in *ecs.CreateServiceInput) {
			in.DeploymentConfiguration.Strategy = types.DeploymentStrategyCanary
		}},
		{"zones in balance", "availabilityZoneRebalancing", func(in *ecs.CreateServiceInput) {
			in.AvailabilityZoneRebalancing = types.AvailabilityZoneRebalancingEnabled
		}},
		{"an order of placement", "Placement strategies", func(in *ecs.CreateServiceInput) {
			in.PlacementStrategy = []types.PlacementStrategy{{Type: types.PlacementStrategyTypeSpread}}
		}},
		{"a constraint that the sandbox does not know", "sandbox only knows", func(in *ecs.CreateServiceInput) {
			in.PlacementConstraints[0].Expression = aws.String("attribute:ecs.instance-type =~ m7i.*")
		}},
		{"constraints of no daemon", "FARGATE launch type", func(in *ecs.CreateServiceInput) { in.SchedulingStrategy = types.SchedulingStrategyReplica }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := &ecs.CreateServiceInput{
				SchedulingStrategy: types.SchedulingStrategyDaemon, LaunchType: types.LaunchTypeEc2,
				DeploymentConfiguration: &types.DeploymentConfiguration{MaximumPercent: aws.Int32(100)},
				PlacementConstraints:    []types.PlacementConstraint{{Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String("attribute:rack == a-1")}},
			}
			c.change(in)
			err := strategy.CheckKind(in)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("the error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestMembersHaveEachAttribute(t *testing.T) {
	t.Parallel()
	on := func(expression string) []types.PlacementConstraint {
		return []types.PlacementConstraint{{Expression: &expression}}
	}
	with := map[string]string{"rack": "a-1"}
	for expression, want := range map[string]bool{"attribute:rack == a-1": true, "attribute:rack == a-2": false, "attribute:row == a-1": false, "rack": false} {
		if got := strategy.Member(with, on(expression)); got != want {
			t.Errorf("%s: %v, want %v", expression, got, want)
		}
	}
	if !strategy.Member(nil, nil) {
		t.Error("without constraints an instance is no member")
	}
}
