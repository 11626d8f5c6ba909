package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
)

// callsAfterStop is how long calls in flight may take after a run has stopped,
// before they are cut off.
const callsAfterStop = 30 * time.Second

// run is one execution of a plan. One goroutine, execute's, owns all of its
// fields; the steps' goroutines send it functions to run.
type run struct {
	Runner
	plan  *Plan
	began time.Time
	msgs  chan func()
	ended chan struct{}

	// objects are the objects by address, as far as they are known to exist.
	objects map[Address]Object
	todo    map[*step]*todo
	acts    map[*Action]*doing
	queue   queue
	// busy is the number of calls under way, open the number of steps that have
	// begun and not ended.
	busy, open int

	// calls is the context of the calls; it outlives the caller's context for a
	// while.
	calls context.Context
	// going ends when the run stops: no call begins after that. watching ends
	// when the waits must end too.
	going, watching             context.Context
	cutCalls, stop, stopWatches context.CancelFunc
	// hurry ends waits as soon as no call is under way.
	hurry    bool
	cause    error
	timeout  *TimeoutError
	failures []error
	// mistake is a panic in another goroutine than the run's own; it ends the
	// run.
	mistake error
	poller  *pollLoop
	// tasks are the goroutines of the steps.
	tasks sync.WaitGroup
}

// todo is what the run knows about a step.
type todo struct {
	// missing counts the needs that are not met; after are the needs that
	// others have of this step.
	missing            int
	after              []need
	begun, done, ended bool
	// created says that the dependents that only need the object to exist have
	// been released.
	created bool
}

// doing is what the run knows about an action.
type doing struct {
	// left counts the steps that are not complete.
	left         int
	began, ended time.Time
	begun        bool
	id, detail   string
	err          error
	// silent is what the action is doing if no event has said so yet; empty
	// once one has.
	silent string
}

func newRun(r Runner, p *Plan) *run {
	n := &run{Runner: r, plan: p, msgs: make(chan func()), ended: make(chan struct{}),
		objects: map[Address]Object{}, todo: map[*step]*todo{}, acts: map[*Action]*doing{}}
	for a, l := range p.kept {
		n.objects[a] = l
	}
	for _, s := range p.steps {
		n.todo[s] = &todo{missing: len(s.needs)}
		if n.acts[s.action] == nil {
			n.acts[s.action] = &doing{id: s.action.ID}
		}
		n.acts[s.action].left++
	}
	for _, s := range p.steps {
		for _, on := range s.needs {
			t := n.todo[on.step]
			t.after = append(t.after, need{s, on.at})
		}
	}
	return n
}

func (n *run) execute(ctx context.Context) (*Result, error) {
	n.began = n.Clock.Now()
	n.calls, n.cutCalls = context.WithCancel(context.WithoutCancel(ctx))
	n.going, n.stop = context.WithCancel(n.calls)
	n.watching, n.stopWatches = context.WithCancel(n.calls)
	n.poller = startPoller(n.calls, n.Clock, n.plan.steps, n.watchedNote, n.broken)
	n.keep(func() error { return n.course(ctx) })
	n.keep(func() error { n.revert(); return nil })
	// The run must not look finished while one of its calls is under way.
	close(n.ended)
	n.cutCalls()
	n.tasks.Wait()
	n.poller.wg.Wait()
	r := n.lastResult()
	return r, n.err()
}

// course begins steps and runs the functions that they send until no step is
// open. It is the part of execute that may panic.
func (n *run) course(ctx context.Context) error {
	n.later(n.Timeout, n.expire)
	cancelled := ctx.Done()
	if ctx.Err() != nil {
		n.cause = context.Cause(ctx)
		n.halt(0)
	}
	for _, s := range n.plan.steps {
		if n.todo[s].missing == 0 {
			n.ready(s)
		}
	}
	for n.dispatch(); n.open > 0 && n.mistake == nil; n.dispatch() {
		select {
		case f := <-n.msgs:
			f()
		case <-cancelled:
			cancelled = nil
			n.cause = context.Cause(ctx)
			n.halt(0)
		}
	}
	return n.mistake
}

// tell runs f in the run's own goroutine.
func (n *run) tell(f func()) {
	select {
	case n.msgs <- f:
	case <-n.ended:
	}
}

// later runs f in the run's own goroutine after d, if the run has not ended.
func (n *run) later(d time.Duration, f func()) {
	n.poller.wg.Go(func() {
		if n.Clock.Sleep(n.calls, d) == nil {
			n.tell(f)
		}
	})
}

// dispatch gives the free slots to the most urgent tickets, and ends the waits
// of a stopped run when their time is up.
func (n *run) dispatch() {
	for n.busy < n.Workers {
		t, ok := n.queue.take()
		if !ok {
			break
		}
		n.busy++
		if t.grant != nil {
			close(t.grant)
			continue
		}
		n.begin(t.step, true)
	}
	if n.hurry && n.busy == 0 {
		n.stopWatches()
	}
}

// ready queues a step whose needs are met.
func (n *run) ready(s *step) {
	switch {
	case n.going.Err() != nil:
	case s.kind == stepWait || s.kind == stepGone:
		n.begin(s, false)
	default:
		n.queue.add(s, nil)
	}
}

// begin starts a step; held says that it has a slot.
func (n *run) begin(s *step, held bool) {
	d := n.acts[s.action]
	n.todo[s].begun = true
	if !d.begun {
		d.begun, d.began = true, n.Clock.Now()
		n.emit(s.action, Started, "", nil)
	}
	n.phase(s.action, n.provider()+" has not answered yet")
	t := &task{n: n, s: s, held: held, object: s.object()}
	n.open++
	if !s.deletes() {
		desired, err := n.desiredFor(s.action)
		if err != nil && s.kind != stepWait { // which usually makes no call
			n.finish(t, Object{}, err)
			return
		}
		t.desired = desired
	}
	n.tasks.Go(func() {
		var object Object
		err := concurrent.Safely(func() (err error) {
			object, err = t.work()
			return err
		})
		n.tell(func() { n.finish(t, object, err) })
	})
}

// made records the object that a step's call returned.
func (n *run) made(s *step, l Object, waits bool) {
	n.objects[s.action.Address] = l
	n.acts[s.action].id = l.ID
	if waits {
		n.emit(s.action, Made, l.Detail, nil)
	}
	if !n.todo[s].created {
		n.todo[s].created = true
		n.meet(s, Created)
	}
}

// finish records the end of a step.
func (n *run) finish(t *task, l Object, err error) {
	s, d := t.s, n.acts[t.s.action]
	n.open--
	if t.held {
		n.busy--
	}
	n.todo[s].ended = true
	d.ended = n.Clock.Now()
	switch {
	case errors.Is(err, errStopped):
		return
	case err != nil:
		n.fail(s.action, l, err)
		return
	}
	n.settle(s, l)
	n.todo[s].done = true
	d.silent = ""
	d.left--
	if d.left == 0 {
		n.emit(s.action, Done, "", nil)
	}
	n.meet(s, Ready)
}

// settle records the object at the end of a step.
func (n *run) settle(s *step, l Object) {
	a := s.action.Address
	if !s.deletes() {
		n.objects[a] = l
		n.acts[s.action].id = l.ID
		return
	}
	if have, ok := n.objects[a]; ok && have.ID == s.action.ID {
		delete(n.objects, a)
	}
}

func (n *run) fail(a *Action, l Object, err error) {
	if l.ID != "" {
		n.objects[a.Address] = l
		n.acts[a].id = l.ID
	}
	n.acts[a].err = err
	n.failures = append(n.failures, &ActionError{Verb: a.Verb, Address: a.Address,
		Type: a.Type, ID: n.acts[a].id, Err: err})
	n.emit(a, Failed, "", err)
	n.halt(n.Grace)
}

// meet marks a need as met and queues the dependents that have no other needs.
func (n *run) meet(s *step, at Need) {
	for _, d := range n.todo[s].after {
		if d.at != at {
			continue
		}
		t := n.todo[d.step]
		if t.missing--; t.missing == 0 {
			n.ready(d.step)
		}
	}
}

// halt stops the run: nothing new begins. Waits may go on for the grace period;
// if it is zero they end when no call is under way.
func (n *run) halt(grace time.Duration) {
	first := n.going.Err() == nil
	n.stop()
	n.queue.clear()
	if grace <= 0 {
		n.hurry = true
	} else if first {
		n.later(grace, n.stopWatches)
	}
	if first {
		n.later(callsAfterStop, n.cutCalls)
	}
}

// expire ends the run at its deadline.
func (n *run) expire() {
	if n.going.Err() != nil {
		return
	}
	n.timeout = &TimeoutError{After: n.Timeout}
	for _, a := range n.plan.Actions {
		if d := n.acts[a]; d != nil && d.begun && d.left > 0 && n.underWay(a) {
			n.timeout.Waiting = append(n.timeout.Waiting, Waited{Verb: a.Verb, Title: a.Title(), Detail: d.detail})
		}
	}
	n.halt(0)
}

func (n *run) underWay(a *Action) bool {
	for _, s := range n.plan.steps {
		if t := n.todo[s]; s.action == a && t.begun && !t.ended {
			return true
		}
	}
	return false
}

// err is what Apply returns.
func (n *run) err() error {
	errs := n.failures
	if n.cause != nil {
		errs = append([]error{n.cause}, errs...)
	}
	if n.timeout != nil {
		errs = append([]error{n.timeout}, errs...)
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// stuck reports steps that wait for each other, which is a bug in the engine.
func (n *run) stuck(skipped int) error {
	known := n.timeout != nil || n.cause != nil || len(n.failures) > 0
	if skipped > 0 && !known {
		return fmt.Errorf("apply: %d actions wait for each other", skipped)
	}
	return nil
}

// provider is the provider's name in messages.
func (n *run) provider() string { return cmp.Or(n.Provider, "the provider") }
