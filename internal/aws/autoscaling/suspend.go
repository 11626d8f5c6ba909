package autoscaling

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"

	"github.com/berthdev/berth/internal/engine"
)

// Suspend makes the policies and scheduled actions of a service's target do nothing; arn
// is that of the service. AWS moves the number of tasks into the bounds with this call,
// and not again as long as it is suspended.
func (t Targets) Suspend(ctx context.Context, arn string) error {
	_, err := t.API.RegisterScalableTarget(ctx, &applicationautoscaling.RegisterScalableTargetInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension,
		ResourceId: aws.String(resourceOf(arn)), SuspendedState: suspended(true),
	})
	if err != nil {
		return fmt.Errorf("suspending the scaling of %s: %w", lastPart(arn), err)
	}
	return nil
}

// Resume ends a suspension, with these bounds.
func (t Targets) Resume(ctx context.Context, arn string, low, high int) error {
	_, err := t.API.RegisterScalableTarget(ctx, registration(Target{Service: engine.Lit(arn), Min: low, Max: high}, nil))
	if err != nil {
		return fmt.Errorf("resuming the scaling of %s: %w", lastPart(arn), err)
	}
	return nil
}

// Range is the range of a service.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
	// Suspended says that the load changes nothing now.
	Suspended bool `json:"suspended"`
}

// Ranges are the ranges of services of a cluster by their names in ECS; those that
// have none are left out.
func Ranges(ctx context.Context, api *applicationautoscaling.Client, cluster string, services []string) (map[string]Range, error) {
	out := map[string]Range{}
	const atOnce = 50 // what AWS takes
	for len(services) > 0 {
		n := min(atOnce, len(services))
		ids := make([]string, n)
		for i, s := range services[:n] {
			ids[i] = "service/" + lastPart(cluster) + "/" + s
		}
		services = services[n:]
		found, err := api.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
			ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: dimension, ResourceIds: ids,
		})
		if err != nil {
			return nil, fmt.Errorf("reading the ranges of services: %w", err)
		}
		for _, s := range found.ScalableTargets {
			r := Range{Min: int(aws.ToInt32(s.MinCapacity)), Max: int(aws.ToInt32(s.MaxCapacity))}
			if s.SuspendedState != nil {
				r.Suspended = aws.ToBool(s.SuspendedState.DynamicScalingOutSuspended)
			}
			out[lastPart(aws.ToString(s.ResourceId))] = r
		}
	}
	return out, nil
}

// Clocks are the scheduled actions of services of a cluster by their names in ECS. AWS takes
// one service or lists those of all.
func Clocks(ctx context.Context, api *applicationautoscaling.Client, cluster string, services []string) (map[string][]ScheduledAction, error) {
	all, err := Targets{API: api}.allActions(ctx)
	if err != nil {
		return nil, err
	}
	asked := map[string]string{}
	for _, s := range services {
		asked["service/"+lastPart(cluster)+"/"+s] = s
	}
	out := map[string][]ScheduledAction{}
	for _, a := range all {
		if s, ok := asked[aws.ToString(a.ResourceId)]; ok && a.ScalableTargetAction != nil {
			out[s] = append(out[s], ScheduledAction{
				Name: aws.ToString(a.ScheduledActionName), Expression: aws.ToString(a.Schedule), Zone: aws.ToString(a.Timezone),
				Min: int(aws.ToInt32(a.ScalableTargetAction.MinCapacity)), Max: int(aws.ToInt32(a.ScalableTargetAction.MaxCapacity)),
			})
		}
	}
	return out, nil
}
