package strategy

import (
	"cmp"
	"errors"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// With returns the requested configuration, with missing values
// taken from the present one or a replica service's defaults.
func With(asked *types.DeploymentConfiguration, have types.DeploymentConfiguration) types.DeploymentConfiguration {
	if asked != nil {
		have.MinimumHealthyPercent = cmp.Or(asked.MinimumHealthyPercent, have.MinimumHealthyPercent)
		have.MaximumPercent = cmp.Or(asked.MaximumPercent, have.MaximumPercent)
		have.DeploymentCircuitBreaker = cmp.Or(asked.DeploymentCircuitBreaker, have.DeploymentCircuitBreaker)
		have.EarlySuccessCriteria = cmp.Or(asked.EarlySuccessCriteria, have.EarlySuccessCriteria)
		have.Alarms = cmp.Or(asked.Alarms, have.Alarms)
		have.BakeTimeInMinutes = cmp.Or(asked.BakeTimeInMinutes, have.BakeTimeInMinutes)
		have.Strategy = cmp.Or(asked.Strategy, have.Strategy)
		keep(asked, &have)
	}
	have.MinimumHealthyPercent = cmp.Or(have.MinimumHealthyPercent, aws.Int32(100))
	have.MaximumPercent = cmp.Or(have.MaximumPercent, aws.Int32(200))
	have.DeploymentCircuitBreaker = cmp.Or(have.DeploymentCircuitBreaker, &types.DeploymentCircuitBreaker{})
	have.BakeTimeInMinutes = cmp.Or(have.BakeTimeInMinutes, aws.Int32(0))
	have.Strategy = cmp.Or(have.Strategy, types.DeploymentStrategyRolling)
	return have
}

// keep takes the parts of a strategy over; those of another strategy go. The
// defaults are the SDK's.
func keep(asked, have *types.DeploymentConfiguration) {
	if asked.LifecycleHooks != nil {
		have.LifecycleHooks = asked.LifecycleHooks
	}
	have.CanaryConfiguration = cmp.Or(asked.CanaryConfiguration, have.CanaryConfiguration)
	have.LinearConfiguration = cmp.Or(asked.LinearConfiguration, have.LinearConfiguration)
	if have.Strategy == types.DeploymentStrategyCanary {
		c := world.Clone(cmp.Or(have.CanaryConfiguration, &types.CanaryConfiguration{}))
		c.CanaryPercent = cmp.Or(c.CanaryPercent, aws.Float64(5))
		c.CanaryBakeTimeInMinutes = cmp.Or(c.CanaryBakeTimeInMinutes, aws.Int32(10))
		have.CanaryConfiguration = c
	} else if asked.CanaryConfiguration == nil {
		have.CanaryConfiguration = nil
	}
	if have.Strategy == types.DeploymentStrategyLinear {
		l := world.Clone(cmp.Or(have.LinearConfiguration, &types.LinearConfiguration{}))
		l.StepPercent = cmp.Or(l.StepPercent, aws.Float64(10))
		l.StepBakeTimeInMinutes = cmp.Or(l.StepBakeTimeInMinutes, aws.Int32(6))
		have.LinearConfiguration = l
	} else if asked.LinearConfiguration == nil {
		have.LinearConfiguration = nil
	}
}

// Check checks the numbers of a strategy; the error is the text of ECS's without its full stop.
func Check(d types.DeploymentConfiguration) error {
	if !within(d.BakeTimeInMinutes) {
		return errors.New("bakeTimeInMinutes must be between 0 and 1440")
	}
	if c := d.CanaryConfiguration; c != nil {
		if d.Strategy != types.DeploymentStrategyCanary {
			return errors.New("canaryConfiguration is only valid when the deployment strategy is CANARY")
		}
		if !tenths(c.CanaryPercent, 0.1) || !within(c.CanaryBakeTimeInMinutes) {
			return errors.New("canaryPercent must be a multiple of 0.1 from 0.1 to 100.0, and canaryBakeTimeInMinutes between 0 and 1440")
		}
	}
	if l := d.LinearConfiguration; l != nil {
		if d.Strategy != types.DeploymentStrategyLinear {
			return errors.New("linearConfiguration is only valid when the deployment strategy is LINEAR")
		}
		if !tenths(l.StepPercent, 3) || !within(l.StepBakeTimeInMinutes) {
			return errors.New("stepPercent must be a multiple of 0.1 from 3.0 to 100.0, and stepBakeTimeInMinutes between 0 and 1440")
		}
	}
	return nil
}

func within(minutes *int32) bool { return aws.ToInt32(minutes) >= 0 && aws.ToInt32(minutes) <= 1440 }

func tenths(percent *float64, least float64) bool {
	v := aws.ToFloat64(percent)
	return v >= least && v <= 100 && math.Abs(v*10-math.Round(v*10)) < 1e-6
}
