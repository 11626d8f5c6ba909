package engine

import "context"

// Finisher is the ability of a Type whose updates, if dependents change with them,
// must first suit the old and the new dependents: a health check that new tasks pass
// and old ones do not.
type Finisher[R Resource] interface {
	// Finishes says whether an update of the attributes leaves the object in an
	// interim state, or ends one that a run has left which died. Update then does not
	// set TagLastApplied.
	Finishes(object Object, changed []string) bool
	// Finish ends the interim state, once every dependent that changes is ready,
	// and sets w.Tags. before is the object as it was before the update.
	Finish(ctx context.Context, w Desired[R], before Object) (Object, error)
	// Revert gives the object its attributes and tags of before the update,
	// because a dependent did not become ready.
	Revert(ctx context.Context, w Desired[R], before Object) (Object, error)
}

func (e erased[R]) Finisher() (Finisher[Resource], bool) {
	f, ok := any(e.t).(Finisher[R])
	return erasedFinisher[R]{f}, ok
}

type erasedFinisher[R Resource] struct{ f Finisher[R] }

func (e erasedFinisher[R]) Finishes(object Object, changed []string) bool {
	return e.f.Finishes(object, changed)
}

func (e erasedFinisher[R]) Finish(ctx context.Context, w Desired[Resource], before Object) (Object, error) {
	tw, err := typed[R](w)
	if err != nil {
		return Object{}, err
	}
	return e.f.Finish(ctx, tw, before)
}

func (e erasedFinisher[R]) Revert(ctx context.Context, w Desired[Resource], before Object) (Object, error) {
	tw, err := typed[R](w)
	if err != nil {
		return Object{}, err
	}
	return e.f.Revert(ctx, tw, before)
}

// finish adds the step that finishes an update, if the type needs one.
func (b *stepBuilder) finish(a *Action) {
	typ, _ := b.p.reg.Lookup(a.Type)
	if f, ok := typ.Finisher(); ok && f.Finishes(a.object, a.changed) {
		b.step(stepFinish, a)
	}
}

// orderFinish makes the end of an update wait for the update and for every step that
// changes a dependent.
func (b *stepBuilder) orderFinish(s *step) {
	s.needs = append(s.needs, need{b.byNode[s.action.Address], Ready})
	for _, on := range b.dependents(s.action.Address) {
		s.needs = append(s.needs, need{on, Ready})
	}
}

// dependents are the steps that create or change what refers to an address.
func (b *stepBuilder) dependents(a Address) []*step {
	var out []*step
	for _, on := range b.steps {
		if n := on.action.node; n != nil && !on.deletes() && on.kind != stepFinish && refersTo(n, a) {
			out = append(out, on)
		}
	}
	return out
}

// finishUpdate ends the interim state of an update.
func (t *task) finishUpdate() (object Object, err error) {
	f, _ := t.s.typ.Finisher()
	err = t.persist(func(ctx context.Context) error {
		object, err = f.Finish(ctx, t.desired, t.object)
		return err
	})
	return merge(t.object, object), err
}

// revertsAtMost bounds the attempts to revert an update: the run has failed, and the
// user waits.
const revertsAtMost = 10

// revert takes the updates back that wait for a dependent which has failed, or has not
// begun because something else failed. An update stays if a dependent is under way.
func (n *run) revert() {
	if len(n.failures) == 0 || n.cause != nil || n.timeout != nil || n.mistake != nil {
		return
	}
	for _, s := range n.plan.steps {
		if s.kind == stepFinish && !n.todo[s].begun && n.lost(s) {
			n.revertOne(s)
		}
	}
}

// lost says that the update of a finishing step is complete, that a dependent has failed
// or has not begun, and that none is under way.
func (n *run) lost(finish *step) bool {
	lost := false
	for _, on := range finish.needs {
		t := n.todo[on.step]
		failed := n.acts[on.step.action].err != nil
		switch {
		case on.step.action == finish.action && !t.done:
			return false
		case on.step.action == finish.action:
		case t.begun && !failed && !t.done:
			return false // under way, and nobody knows how it ends
		default:
			lost = lost || failed || !t.begun
		}
	}
	return lost
}

func (n *run) revertOne(s *step) {
	desired, err := n.desiredFor(s.action)
	if err != nil {
		return // the update could not have been made
	}
	f, _ := s.typ.Finisher()
	r := retries{jitter: n.Jitter}
	for range revertsAtMost {
		var object Object
		object, err = f.Revert(n.calls, desired, s.object())
		if err == nil {
			n.objects[s.action.Address] = merge(s.object(), object)
			n.acts[s.action].detail = "it is as before again, because what depends on it failed"
			return
		}
		wait, again := r.next(ClassOf(err), n.Clock.Now())
		if !again || n.Clock.Sleep(n.calls, wait) != nil {
			break
		}
	}
	n.acts[s.action].err = err
	n.failures = append(n.failures, &ActionError{Verb: s.action.Verb, Address: s.action.Address, Type: s.action.Type, ID: s.action.ID, Err: err})
	n.emit(s.action, Failed, "", err)
}
