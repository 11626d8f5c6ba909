package engine

import (
	"fmt"

	"github.com/berthdev/berth/internal/concurrent"
)

// keep calls f in the run's own goroutine and notes how it failed. After a
// panic the run's state cannot be trusted: the answers of calls in flight are
// dropped, and no more events are emitted, since emitting one may be what
// panicked.
func (n *run) keep(f func() error) (ok bool) {
	err := concurrent.Safely(f)
	if err == nil {
		return true
	}
	n.failures = append(n.failures, fmt.Errorf("apply: %w", err))
	n.Emit = func(Event) {}
	return false
}

// broken takes in a panic of a goroutine that serves several steps, so that no
// single action can fail for it.
func (n *run) broken(err error) { n.tell(func() { n.mistake = err }) }

// lastResult is the result, even if emitting its events panics.
func (n *run) lastResult() *Result {
	r := &Result{Objects: n.objects}
	tell := func() error {
		r = n.result()
		return nil
	}
	if !n.keep(tell) {
		n.keep(tell)
	}
	return r
}
