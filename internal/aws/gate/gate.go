package gate

import (
	"math/rand/v2"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/clock"
)

// Options are the options of New. The zero value is usable.
type Options struct {
	// Clock is the clock for waits; nil is the wall clock.
	Clock clock.Clock
	// Buckets are the token buckets of the account and region. Gates of one
	// account and region share them; nil makes a new set.
	Buckets *Buckets
	// Rand returns numbers from 0 to below 1 that spread retries in time; nil
	// is the machine's randomness.
	Rand func() float64
	// Observe, if set, is called with every attempt when it ends, possibly from
	// many goroutines at once.
	Observe func(Attempt)
}

// Gate is the gate for all calls to one account and region. It is safe for use
// by many goroutines.
type Gate struct {
	clock   clock.Clock
	buckets *Buckets
	rand    func() float64
	observe func(Attempt)
	counter counter
}

// New returns a gate.
func New(o Options) *Gate {
	g := &Gate{clock: o.Clock, buckets: o.Buckets, rand: o.Rand, observe: o.Observe}
	if g.clock == nil {
		g.clock = clock.Wall{}
	}
	if g.buckets == nil {
		g.buckets = NewBuckets(g.clock)
	}
	if g.rand == nil {
		g.rand = rand.Float64
	}
	return g
}

// Attach makes all clients that are created from cfg from now on pass the
// gate.
func (g *Gate) Attach(cfg *aws.Config) {
	cfg.APIOptions = append(cfg.APIOptions, g.APIOptions()...)
	cfg.Retryer = g.Retryer
}

// APIOptions are the gate's middleware, for aws.Config.APIOptions. They need
// Retryer in aws.Config.Retryer: Attach sets both.
func (g *Gate) APIOptions() []func(*middleware.Stack) error {
	return []func(*middleware.Stack) error{g.install}
}

// Retryer is the retry policy of the gate, for aws.Config.Retryer.
func (g *Gate) Retryer() aws.Retryer { return retryer{g} }

// Counts returns the number of attempts sent so far, ordered by service and
// operation.
func (g *Gate) Counts() []Count { return g.counter.list() }
