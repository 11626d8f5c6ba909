package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errStopped ends the steps that have begun when the run stops.
var errStopped = errors.New("the run has stopped")

// task is the goroutine of one step.
type task struct {
	n       *run
	s       *step
	object  Object
	desired Desired[Resource]
	// held says that the task has one of the run's slots.
	held bool
	// heldBy is what holds the object of a deletion, as found at the time
	// askedHolders.
	heldBy       string
	askedHolders time.Time
}

// work makes the step's call and waits for its effect.
func (t *task) work() (Object, error) {
	switch t.s.kind {
	case stepGone:
		t.note(Waiting, "until "+t.n.provider()+" has deleted "+t.object.ID)
		return Object{}, t.awaitGone()
	case stepDelete:
		return Object{}, t.delete()
	case stepFinish:
		return t.finishUpdate()
	}
	object, err := t.reach()
	for idle := 1; err != nil && object.Idle; idle++ {
		if object, err = t.onceMore(object, idle, err); err == nil {
			object, err = t.whenReady(object)
		}
	}
	if err != nil {
		return object, err
	}
	return object, t.settle()
}

// reach brings the object to readiness.
func (t *task) reach() (Object, error) {
	if t.s.kind == stepWait {
		if t.object.State == StateReady {
			return t.object, nil // settle waits for the rest
		}
		t.note(Waiting, t.object.Detail)
		return t.awaitReady(t.object)
	}
	object, err := t.bring()
	if err != nil {
		return Object{}, err
	}
	return t.whenReady(object)
}

// whenReady records the object that a call returned, and waits until it is
// ready.
func (t *task) whenReady(object Object) (Object, error) {
	if object.ID == "" {
		return Object{}, fmt.Errorf("%s: the answer has no id", t.s.action.Type)
	}
	if a := t.s.action; a.Verb == VerbReplace && !a.first && object.ID == a.ID {
		// The old object's deletion comes last and would delete the only
		// object.
		return Object{}, fmt.Errorf("%s returned the old object %s: the replacement needs another name", t.n.provider(), object.ID)
	}
	object.Address = t.s.action.Address
	if object.State == StateFailed && t.s.kind != stepRecord {
		return object, &NotReadyError{Address: object.Address, ID: object.ID, Detail: object.Detail}
	}
	waits := t.mustWait(object)
	t.n.tell(func() { t.n.made(t.s, object, waits) })
	if !waits {
		return object, nil
	}
	return t.awaitReady(object)
}

// bring creates or updates the object.
func (t *task) bring() (Object, error) {
	typ := t.s.typ
	if t.s.kind == stepMake {
		return t.create()
	}
	changed := t.s.action.changed
	if t.s.kind == stepRecord {
		changed = nil
	}
	update := func(ctx context.Context) (Object, error) { return typ.Update(ctx, t.desired, t.object, changed) }
	if typ.Spec().Revises && len(changed) > 0 {
		return t.make(update)
	}
	var object Object
	err := t.persist(func(ctx context.Context) error {
		var err error
		object, err = update(ctx)
		return err
	})
	return merge(t.object, object), err
}

// mustWait says whether the object becomes ready only after the call's answer.
func (t *task) mustWait(l Object) bool {
	_, looks := t.s.typ.Poller()
	if !looks || l.State == StateReady {
		return false
	}
	return t.s.kind != stepRecord || l.State == StatePending
}

func (t *task) delete() error {
	err := t.persist(func(ctx context.Context) error {
		remove := t.s.typ.Delete
		if x, ok := t.s.typ.Eraser(); ok && t.s.action.erase {
			remove = x.Erase
		}
		err := remove(ctx, t.object)
		if err != nil && ClassOf(err) == NotFound {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	t.n.tell(func() { t.n.meet(t.s, Created) })
	return t.awaitGone()
}

func (t *task) awaitGone() error {
	if _, ok := t.s.typ.Poller(); !ok {
		return nil
	}
	if t.s.kind == stepDelete {
		t.note(Made, "")
	}
	_, err := t.await(&watched{step: t.s, object: t.object, gone: true, typical: t.s.typ.Spec().GoneIn})
	return err
}

func (t *task) awaitReady(l Object) (Object, error) {
	retried := t.object.State == StateFailed
	return t.await(&watched{step: t.s, object: l, retried: retried, typical: t.s.typ.Spec().ReadyIn})
}

// await gives the slot back and waits until the poller reports the end of the
// wait.
func (t *task) await(w *watched) (Object, error) {
	t.release()
	t.n.tell(func() { t.n.phase(t.s.action, "until it is "+w.goal()) })
	t.n.poller.wait(w)
	select {
	case end := <-w.result:
		return end.object, end.err
	case <-t.n.watching.Done():
		return Object{}, errStopped
	}
}

// persist repeats a call until it succeeds or fails for good.
func (t *task) persist(call func(context.Context) error) error {
	r := retries{jitter: t.n.Jitter}
	ctx := t.callContext()
	for {
		err := call(ctx)
		if err == nil {
			return nil
		}
		t.findHolders(ctx, r.conflictsSince)
		if err := t.pause(&r, err); err != nil {
			return err
		}
	}
}

// pause waits before a failed call is repeated. It returns the failure if
// repeating is useless, and errStopped if the run stops meanwhile.
func (t *task) pause(r *retries, failure error) error {
	if t.n.calls.Err() != nil {
		return errStopped // the call was cut off; the failure says only that
	}
	class := ClassOf(failure)
	wait, again := r.next(class, t.n.Clock.Now())
	if !again {
		return failure
	}
	if class == Conflict {
		t.note(Waiting, t.refused(failure))
	} else {
		t.note(Retrying, t.n.Text(failure))
	}
	return t.rest(wait)
}

// rest gives the slot back for a while.
func (t *task) rest(d time.Duration) error {
	t.release()
	if err := t.n.Clock.Sleep(t.n.going, d); err != nil {
		return errStopped
	}
	return t.acquire()
}

func (t *task) release() {
	if t.held {
		t.held = false
		t.n.tell(func() { t.n.busy-- })
	}
}

func (t *task) acquire() error {
	grant := make(chan struct{})
	t.n.tell(func() {
		if t.n.going.Err() == nil {
			t.n.queue.add(t.s, grant)
		}
	})
	select {
	case <-grant:
		t.held = true
		return nil
	case <-t.n.going.Done():
	}
	select {
	case <-grant: // granted just before the run stopped
		t.held = true
	default:
	}
	return errStopped
}

// note tells the run what the task is doing.
func (t *task) note(k Kind, detail string) {
	t.n.tell(func() { t.n.emit(t.s.action, k, detail, nil) })
}
