package strategy

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Breaker is the circuit breaker of a deployment's configuration.
func Breaker(d types.DeploymentConfiguration) types.DeploymentCircuitBreaker {
	if d.DeploymentCircuitBreaker == nil {
		return types.DeploymentCircuitBreaker{}
	}
	return *d.DeploymentCircuitBreaker
}

// Threshold is how many failed tasks trip the circuit breaker: without a
// configuration half of the desired ones, at least 3, at most 200. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
func Threshold(d types.DeploymentConfiguration, desired int32) int32 {
	c := Breaker(d).ThresholdConfiguration
	if c == nil {
		c = &types.ThresholdConfiguration{Type: types.ThresholdTypeBoundedPercent, Value: 50}
	}
	if c.Type == types.ThresholdTypeCount {
		return max(c.Value, 1)
	}
	n := (desired*c.Value + 99) / 100
	if c.Type == types.ThresholdTypeBoundedPercent {
		return min(max(n, 3), 200)
	}
	return max(n, 1)
}

// FirstThrottled is the failure in a row from which on the scheduler waits.
const FirstThrottled = 3

// Backoff is how long the scheduler waits after a number of failures in a row: nothing up
// to two, then 10 s doubling to 15 minutes. AWS documents the throttle and its maximum,
// but not its start:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
func Backoff(streak int) time.Duration {
	if streak < FirstThrottled {
		return 0
	}
	return min(10*time.Second<<min(streak-FirstThrottled, 10), 15*time.Minute)
}
