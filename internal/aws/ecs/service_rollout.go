package ecs

import (
	"math"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// Rollout is how a deployment moves the traffic from the old tasks to the new ones:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
type Rollout struct {
	// Strategy is BLUE_GREEN, LINEAR or CANARY.
	Strategy string
	// BakeMinutes is how long the old tasks stay after all traffic has moved.
	BakeMinutes int
	// Percent is the share of the traffic that the new tasks get at first (CANARY) or in
	// each step (LINEAR), as a decimal number, and StepMinutes how long they keep it.
	Percent     string
	StepMinutes int
	// Alarms are the names of alarms that end a deployment.
	Alarms []string
	// Pause is the lifecycle stage at which a deployment waits for an approval; empty for
	// none.
	Pause string
}

// The lifecycle stages at which a deployment can wait.
const (
	PauseBefore = string(types.DeploymentLifecycleHookStagePostScaleUp)
	PauseSteps  = string(types.DeploymentLifecycleHookStagePreProductionTrafficShift)
	PauseAfter  = string(types.DeploymentLifecycleHookStagePostProductionTrafficShift)
)

// PauseMinutes is how long a deployment waits before it goes back: AWS's default.
const PauseMinutes = 24 * 60

// Traffic is with what ECS moves traffic.
type Traffic struct {
	// Alternate is the second target group; one of the two has the traffic.
	Alternate engine.Ref
	// Rule is the listener rule whose weights ECS changes, with Role.
	Rule, Role engine.Ref
}

// RolloutPercent is a share as Rollout has it.
func RolloutPercent(percent float64) string {
	return strconv.FormatFloat(math.Round(percent*10)/10, 'f', -1, 64)
}

// setRollout adds the strategy to a deployment configuration. An update to a rolling one
// must say so.
func (s Service) setRollout(d *types.DeploymentConfiguration, changed bool) {
	r := s.Rollout
	if r == nil {
		if changed {
			d.Strategy, d.Alarms, d.LifecycleHooks = types.DeploymentStrategyRolling, alarmsInput(nil), hooksInput("")
		}
		return
	}
	d.Strategy, d.BakeTimeInMinutes = types.DeploymentStrategy(r.Strategy), int32Of(r.BakeMinutes)
	if changed || len(r.Alarms) > 0 {
		d.Alarms = alarmsInput(r.Alarms)
	}
	if changed || r.Pause != "" {
		d.LifecycleHooks = hooksInput(r.Pause)
	}
	percent, err := strconv.ParseFloat(r.Percent, 64)
	if err != nil {
		return // BLUE_GREEN has none
	}
	switch d.Strategy {
	case types.DeploymentStrategyCanary:
		d.CanaryConfiguration = &types.CanaryConfiguration{CanaryPercent: &percent, CanaryBakeTimeInMinutes: int32Of(r.StepMinutes)}
	case types.DeploymentStrategyLinear:
		d.LinearConfiguration = &types.LinearConfiguration{StepPercent: &percent, StepBakeTimeInMinutes: int32Of(r.StepMinutes)}
	}
}

// alarmsInput are the alarms of a deployment; without names ECS watches none.
func alarmsInput(names []string) *types.DeploymentAlarms {
	return &types.DeploymentAlarms{AlarmNames: orEmpty(names), Enable: len(names) > 0, Rollback: len(names) > 0}
}

// hooksInput are the hooks of a deployment: one that pauses at a stage, or none.
func hooksInput(stage string) []types.DeploymentLifecycleHook {
	if stage == "" {
		return []types.DeploymentLifecycleHook{}
	}
	return []types.DeploymentLifecycleHook{{
		TargetType: types.DeploymentLifecycleHookTargetTypePause, LifecycleStages: []types.DeploymentLifecycleHookStage{types.DeploymentLifecycleHookStage(stage)},
		TimeoutConfiguration: &types.DeploymentLifecycleHookTimeoutConfiguration{
			Action: types.DeploymentLifecycleHookActionRollback, TimeoutInMinutes: int32Of(PauseMinutes),
		},
	}}
}

// rolloutShown is the strategy of a service; nil for a rolling update.
func rolloutShown(d *types.DeploymentConfiguration) *Rollout {
	if d.Strategy == "" || d.Strategy == types.DeploymentStrategyRolling {
		return nil
	}
	out := &Rollout{Strategy: string(d.Strategy), BakeMinutes: int(aws.ToInt32(d.BakeTimeInMinutes))}
	if a := d.Alarms; a != nil && a.Enable {
		out.Alarms = slices.Sorted(slices.Values(a.AlarmNames))
	}
	for _, h := range d.LifecycleHooks {
		if h.TargetType == types.DeploymentLifecycleHookTargetTypePause && len(h.LifecycleStages) == 1 {
			out.Pause = string(h.LifecycleStages[0])
		}
	}
	switch c, l := d.CanaryConfiguration, d.LinearConfiguration; {
	case c != nil:
		out.Percent, out.StepMinutes = RolloutPercent(aws.ToFloat64(c.CanaryPercent)), int(aws.ToInt32(c.CanaryBakeTimeInMinutes))
	case l != nil:
		out.Percent, out.StepMinutes = RolloutPercent(aws.ToFloat64(l.StepPercent)), int(aws.ToInt32(l.StepBakeTimeInMinutes))
	}
	return out
}

// advanced is with what ECS moves the traffic of a target group; nil in a rolling update.
func (s Service) advanced() *types.AdvancedConfiguration {
	if s.Traffic == nil {
		return nil
	}
	return &types.AdvancedConfiguration{
		AlternateTargetGroupArn: aws.String(s.Traffic.Alternate.Value()), ProductionListenerRule: aws.String(s.Traffic.Rule.Value()),
		RoleArn: aws.String(s.Traffic.Role.Value()),
	}
}

// trafficShown is advanced of a service as AWS shows it.
func trafficShown(balancers []types.LoadBalancer) *Traffic {
	for _, b := range balancers {
		if a := b.AdvancedConfiguration; a != nil {
			return &Traffic{
				Alternate: engine.Lit(aws.ToString(a.AlternateTargetGroupArn)), Rule: engine.Lit(aws.ToString(a.ProductionListenerRule)),
				Role: engine.Lit(aws.ToString(a.RoleArn)),
			}
		}
	}
	return nil
}
