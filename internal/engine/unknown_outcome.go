package engine

import (
	"context"
	"time"
)

// searchEvery is the pace of the search for an object whose creation got no
// answer. The search goes on for lagBound: after that the provider shows every
// object that exists.
const searchEvery = time.Second

// maxDead is how many deleted objects the tokens of one desired state may lead
// to.
const maxDead = 20

// create makes the object. A token may lead to an object that has been deleted
// since: a run that dies does not change the lock's generation, and an earlier
// run may have made the same object which a later one deleted. The next token
// is derived from each deleted object's id, so that every repetition finds the
// same existing object.
func (t *task) create() (Object, error) {
	for dead := 0; ; dead++ {
		object, err := t.make(func(ctx context.Context) (Object, error) { return t.s.typ.Create(ctx, t.desired) })
		if err != nil || object.State != StateDeleting || t.s.typ.Spec().Identity != Token {
			return object, err
		}
		if dead == maxDead {
			return object, &NotReadyError{Address: t.s.action.Address, ID: object.ID, Detail: t.n.provider() + " returned an object that is being deleted"}
		}
		t.desired.Token = tokenAfter(t.desired.Token, object.ID)
	}
}

// make makes a call that creates a new object. If only the tags can show whether
// a call without an answer created the object, make searches for it before it
// repeats the call. Once the object is found it is completed, and the call is
// not repeated, even if the completion fails.
func (t *task) make(call func(context.Context) (Object, error)) (Object, error) {
	var object, half Object
	err := t.persist(func(ctx context.Context) error {
		var err error
		if half.ID != "" {
			object, err = t.complete(ctx, half)
			return err
		}
		object, err = call(ctx)
		if err == nil || ClassOf(err) != Unknown || t.s.typ.Spec().Identity != ByTag {
			return err
		}
		t.note(Retrying, "no answer; checking whether it was made: "+t.n.Text(err))
		found, ok, searchErr := t.search(ctx)
		if searchErr != nil {
			return searchErr
		}
		if !ok {
			return err
		}
		half = found
		object, err = t.complete(ctx, half)
		return err
	})
	return object, err
}

// search lists the type until an object at the step's address appears that was
// not there before the run.
func (t *task) search(ctx context.Context) (found Object, ok bool, err error) {
	a := t.s.action.Address
	known := map[string]bool{}
	for _, l := range t.n.plan.observed.At(a) {
		known[l.ID] = true
	}
	q := Query{Owners: []Owner{a.Owner}, Wanted: t.n.plan.graph.Wanted(a.Type)}
	began := t.n.Clock.Now()
	for {
		objects, err := t.s.typ.List(ctx, q)
		if err != nil && lasting(err) {
			return Object{}, false, err
		}
		for _, l := range Owned(a.Type, q.Owners, objects) {
			if l.Address == a && !known[l.ID] && l.State != StateDeleting {
				return l, true, nil
			}
		}
		if t.n.Clock.Now().Sub(began) >= lagBound {
			return Object{}, false, nil
		}
		if err := t.rest(searchEvery); err != nil {
			return Object{}, false, err
		}
	}
}

// lasting says that repeating a read would fail in the same way.
func lasting(err error) bool {
	switch ClassOf(err) {
	case Terminal, Denied, Expired:
		return true
	}
	return false
}

// complete brings an object that was found after an unknown outcome to the desired
// state: a create of several calls may have stopped between them.
func (t *task) complete(ctx context.Context, found Object) (Object, error) {
	var changed []string
	for _, a := range AttrsOf(t.desired.Want) {
		shown, ok := found.Attrs[a.Name]
		differs := ok && shown != a.Value && !a.External && !a.Replace
		if !a.Create && (differs || a.neverSet(found)) {
			changed = append(changed, a.Name)
		}
	}
	if len(changed) == 0 {
		return found, nil
	}
	object, err := t.s.typ.Update(ctx, t.desired, found, changed)
	return merge(found, object), err
}
