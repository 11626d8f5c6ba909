package world

import (
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// Options are the options of a World. The zero value is a well-behaved world:
// typical durations, no latency, no lag, no rate limits, everything allowed.
type Options struct {
	// Clock is the time of the world; nil means the wall clock.
	Clock clock.Clock
	// Seed decides ids, addresses and lags. Worlds with the same seed that
	// see the same calls in the same order are equal.
	Seed uint64
	// Profile picks the durations; empty means Typical.
	Profile Profile
	// Durations override those of the profile, for tests for which the length
	// of a wait does not matter. They are not saved.
	Durations map[Step]time.Duration
	// Account is the account's number; empty means 123456789012.
	Account string
	// Region is the region of everything; empty means eu-central-1.
	Region string
	// Latency is how long every call takes: half before its effect, half after.
	Latency time.Duration
	// MaxLag bounds how long a describe may not show a new object, or still
	// show a deleted one. Zero switches the lag off; AWS stays below 15 s.
	MaxLag time.Duration
	// Buckets switches the documented rate limits on.
	Buckets bool
	// Policy is the caller's identity policy, a JSON document; nil allows
	// everything.
	Policy []byte
	// IgnoreFilters makes lists show everything, even if the call filters by tags,
	// paths or names. Emulators do so with filters that they do not know.
	IgnoreFilters bool
	// Quotas override default quotas, by name; see quotas.go.
	Quotas map[string]int
}
