package ecs

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// TagSpot marks a service with PreferSpot: ECS has no such setting. A strategy spreads the
// tasks and never falls back by itself:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
const TagSpot = "berth:spot"

// preferred is the value of TagSpot.
const preferred = "prefer"

const onDemand, onSpot = "FARGATE", "FARGATE_SPOT"

// tags are the tags of a service, with its mark.
func (s Service) tags(of map[string]string) map[string]string {
	if !s.PreferSpot {
		return of
	}
	out := maps.Clone(of)
	out[TagSpot] = preferred
	return out
}

// OffSpot says that tasks of a service that prefers Spot run on demand, because Spot had no
// capacity for them: want is the strategy that it should have.
func OffSpot(object engine.Object, want []StrategyItem) bool {
	have := engine.ShownAs[Service](object)
	return have.PreferSpot && base(have.Strategy) > base(want)
}

// base is how many tasks of a strategy run on demand before any runs on Spot; all, if none
// does.
func base(strategy []StrategyItem) int {
	all, n := true, 0
	for _, item := range strategy {
		switch item.Provider {
		case onSpot:
			all = all && item.Weight == 0
		case onDemand:
			n = item.Base
		}
	}
	if all {
		return 1 << 30
	}
	return n
}

// noCapacity is what ECS says of a task for which Fargate has no room:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
const noCapacity = "Capacity is unavailable at this time"

// offSpot moves tasks of a service that prefers Spot on demand, if the deployment that berth
// waits for lacks tasks because Fargate had no capacity: first as many as it lacks, and all
// if it lacks some again, or has none on Spot. It is another deployment, for which berth then
// waits.
func (t Services) offSpot(ctx context.Context, s types.Service, waited engine.Object, now *engine.Object) (moved bool, err error) {
	d := waitedFor(s, waited)
	if now.State != engine.StatePending && now.State != engine.StateFailed || tagMap(s.Tags)[TagSpot] != preferred || d == nil || !lacksCapacity(s, *d) {
		return false, nil
	}
	strategy, missing := strategyShown(d.CapacityProviderStrategy), int(d.DesiredCount-d.RunningCount-d.PendingCount)
	had := base(strategy)
	if had >= int(s.DesiredCount) || missing <= 0 && now.State == engine.StatePending {
		return false, nil
	}
	to, many := []StrategyItem{{Provider: onDemand, Weight: 1}}, "all"
	if n := had + missing; had <= 1 && missing > 0 && n < int(s.DesiredCount) {
		to, many = []StrategyItem{{Provider: onDemand, Base: n}, {Provider: onSpot, Weight: 1}}, fmt.Sprint(missing)
	}
	out, err := t.API.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: s.ClusterArn, Service: s.ServiceArn, TaskDefinition: d.TaskDefinition, CapacityProviderStrategy: strategyInput(to), ForceNewDeployment: true,
	})
	if err != nil {
		return false, fmt.Errorf("moving tasks of service %s from Spot: %w", aws.ToString(s.ServiceName), passing(err))
	}
	out.Service.Tags = s.Tags
	*now = serviceObject(*out.Service)
	now.State, now.Detail = engine.StatePending, fmt.Sprintf("Spot has no capacity: %s of %d tasks move on demand", many, s.DesiredCount)
	return true, nil
}

// waitedFor is the deployment that berth waits for; nil if ECS does not show it.
func waitedFor(s types.Service, waited engine.Object) *types.Deployment {
	for i, d := range s.Deployments {
		if id := waited.Outputs[outputDeployment]; aws.ToString(d.Id) == id {
			return &s.Deployments[i]
		}
	}
	return nil
}

// lacksCapacity says whether Fargate had no capacity for a task since a deployment began.
func lacksCapacity(s types.Service, d types.Deployment) bool {
	for _, e := range s.Events { // the newest first
		if aws.ToTime(e.CreatedAt).Before(aws.ToTime(d.CreatedAt)) {
			return false
		}
		if strings.Contains(aws.ToString(e.Message), noCapacity) {
			return true
		}
	}
	return false
}
