package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// Runner executes plans. The zero value is ready for use; one Runner may
// execute several plans, one after the other.
type Runner struct {
	// Clock is the time to wait by; nil is the wall clock.
	Clock clock.Clock
	// Workers bounds the number of calls under way at once; 0 is 512. A step that
	// waits for an object takes no worker, a step that waits for a rate limit
	// does: many calls of one slow family must leave room for all others.
	Workers int
	// Timeout ends a run with a *TimeoutError; 0 is the plan's Deadline.
	Timeout time.Duration
	// Grace is how long waits that have begun may go on after the first
	// failure; 0 is 5 seconds.
	Grace time.Duration
	// Generation is a word per owner that changes when the owner's objects have
	// been deleted, so that idempotency tokens do not find them again. Nil is
	// the empty word.
	Generation func(Owner) string
	// Jitter returns numbers from 0 to 1 that spread out retries; nil is
	// random.
	Jitter func() float64
	// Provider is the provider's name in messages; empty is "the provider".
	Provider string
	// Text returns an error's text for events; nil is the error's own Error.
	Text func(error) string
	// Emit receives every event, one at a time; nil drops them. It should
	// return soon: the run waits for it.
	Emit func(Event)
}

// Status is how an action ended.
type Status string

// The ends of an action.
const (
	// StatusDone: complete.
	StatusDone Status = "done"
	// StatusFailed: Outcome.Err says why.
	StatusFailed Status = "failed"
	// StatusSkipped: not begun, because the run stopped before.
	StatusSkipped Status = "skipped"
	// StatusStopped: begun, and left to the provider when the run stopped.
	StatusStopped Status = "stopped"
)

// Outcome is what became of an action.
type Outcome struct {
	Action *Action
	Status Status
	Err    error
	// Elapsed is the time from the action's beginning to its end; 0 if skipped.
	Elapsed time.Duration
}

// Result is what a run did.
type Result struct {
	// Objects are the objects at the end of the run, by address, changed or
	// not: the caller takes URLs and ARNs from them.
	Objects map[Address]Object
	// Outcomes are in the order of the plan's actions; those that leave an
	// object have none.
	Outcomes []Outcome
	Elapsed  time.Duration
}

// With returns the outcomes of a status.
func (r *Result) With(s Status) []Outcome {
	var out []Outcome
	for _, o := range r.Outcomes {
		if o.Status == s {
			out = append(out, o)
		}
	}
	return out
}

// Apply executes a plan that MakePlan made. The result is never nil, even with
// an error. After the first failure no new work begins, work in flight
// finishes, and the error joins every failure (*ActionError). When ctx ends the
// run stops in the same way and the error is ctx's cause; after the deadline it
// is a *TimeoutError.
func (r *Runner) Apply(ctx context.Context, plan *Plan) (*Result, error) {
	if plan.graph == nil {
		return &Result{Objects: map[Address]Object{}}, errors.New("apply: the plan was not made by MakePlan")
	}
	c := r.withDefaults()
	if c.Timeout <= 0 {
		c.Timeout, _ = plan.Deadline()
	}
	n := newRun(c, plan)
	return n.execute(ctx)
}

func (r *Runner) withDefaults() Runner {
	c := *r
	if c.Clock == nil {
		c.Clock = clock.Wall{}
	}
	if c.Workers <= 0 {
		c.Workers = 512
	}
	if c.Grace <= 0 {
		c.Grace = 5 * time.Second
	}
	if c.Generation == nil {
		c.Generation = func(Owner) string { return "" }
	}
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	if c.Text == nil {
		c.Text = error.Error
	}
	if c.Emit == nil {
		c.Emit = func(Event) {}
	}
	return c
}
