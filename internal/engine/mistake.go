package engine

import "fmt"

// keep runs a part of the run's own goroutine and notes how it failed. After a
// panic nothing that the run knows can be relied on: calls in flight are not
// answered to, and nothing more is told, since telling may be what panicked.
func (n *run) keep(f func() error) (ok bool) {
	err := Safely(f)
	if err == nil {
		return true
	}
	n.failures = append(n.failures, fmt.Errorf("apply: %w", err))
	n.Emit = func(Event) {}
	return false
}

// broken takes in a panic of a goroutine that serves several steps: there is
// no single action that it could fail.
func (n *run) broken(err error) { n.tell(func() { n.mistake = err }) }

// lastResult is the result, also if telling of it panics.
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
