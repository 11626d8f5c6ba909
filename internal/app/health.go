package app

import (
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/health"
)

// Health is a container's own check.
type Health = health.Check

// Compose's defaults for a healthcheck.
const (
	composeInterval = 30 * time.Second
	composeTimeout  = 30 * time.Second
	composeRetries  = 3
)

// ECS's bounds.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
const (
	minInterval, maxInterval = 5, 300
	minTimeout, maxTimeout   = 2, 60
	minRetries, maxRetries   = 1, 10
	maxStartPeriod           = 300
)

// healthOf is the container's check; nil without one.
func healthOf(s subject) *Health {
	h := s.compose.HealthCheck
	if h == nil || h.Disable || len(h.Test) == 0 || h.Test[0] == "NONE" {
		return nil
	}
	s.lookAtWords("healthcheck.test", h.Test)
	if len(h.Test) == 1 {
		s.refuse("healthcheck.test", "the healthcheck has no command", "", "write the command, or disable: true")
		return nil
	}
	return &Health{
		Test:        h.Test,
		Interval:    s.bounded("healthcheck.interval", or(h.Interval, composeInterval), capacity.Range{Low: minInterval, High: maxInterval}),
		Timeout:     s.bounded("healthcheck.timeout", or(h.Timeout, composeTimeout), capacity.Range{Low: minTimeout, High: maxTimeout}),
		StartPeriod: s.bounded("healthcheck.start_period", or(h.StartPeriod, 0), capacity.Range{High: maxStartPeriod}),
		Retries:     retriesOf(s, h.Retries),
		Origin:      s.origin("healthcheck"),
	}
}

func or(d *types.Duration, other time.Duration) time.Duration {
	if d == nil {
		return other
	}
	return time.Duration(*d)
}

func retriesOf(s subject, n *uint64) int {
	if n == nil {
		return composeRetries
	}
	got := int(max(minRetries, min(maxRetries, *n)))
	if uint64(got) != *n {
		s.notice("healthcheck.retries", "healthcheck.retries becomes %d: AWS allows %d to %d", got, minRetries, maxRetries)
	}
	return got
}
