package app

import (
	"time"

	"github.com/compose-spec/compose-go/v2/types"
)

// Compose's own values where a healthcheck names none, and the bounds of ECS.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
const (
	composeInterval, minInterval, maxInterval = 30 * time.Second, 5, 300
	composeTimeout, minTimeout, maxTimeout    = 30 * time.Second, 2, 60
	composeRetries, minRetries, maxRetries    = 3, 1, 10
	maxStartPeriod                            = 300
)

// health takes over the container's check.
func (w *workload) health() {
	h := w.compose.HealthCheck
	if h == nil || h.Disable || len(h.Test) == 0 || h.Test[0] == "NONE" {
		return
	}
	w.lookAtWords("healthcheck.test", h.Test)
	if len(h.Test) == 1 {
		w.refuse("healthcheck.test", "the healthcheck has no command", "", "write the command, or disable: true")
		return
	}
	w.Health = &Health{
		Test:        h.Test,
		Interval:    w.bounded("healthcheck.interval", or(h.Interval, composeInterval), minInterval, maxInterval),
		Timeout:     w.bounded("healthcheck.timeout", or(h.Timeout, composeTimeout), minTimeout, maxTimeout),
		StartPeriod: w.bounded("healthcheck.start_period", or(h.StartPeriod, 0), 0, maxStartPeriod),
		Retries:     w.retries(h.Retries),
		Origin:      w.at(w.path + ".healthcheck").String(),
	}
}

func or(d *types.Duration, other time.Duration) time.Duration {
	if d == nil {
		return other
	}
	return time.Duration(*d)
}

func (w *workload) retries(n *uint64) int {
	if n == nil {
		return composeRetries
	}
	got := int(max(minRetries, min(maxRetries, *n)))
	if uint64(got) != *n {
		w.notice("healthcheck.retries", "healthcheck.retries is %d: AWS takes %d to %d", got, minRetries, maxRetries)
	}
	return got
}
