package engine

import (
	"context"
	"time"
)

// searchEvery is the pace of the search for an object whose creation got no
// answer. It goes on for lagBound: after that an object that exists is shown.
const searchEvery = time.Second

// maxDead is how many dead objects one wish may find behind its tokens.
const maxDead = 20

// create makes the object. A token may lead to one that has been deleted since:
// runs which die leave the lock's generation as it was, and one of them may
// have wished for the same, the next one for something else. Each dead object
// makes the next token, so that every repetition finds the same living one.
func (t *task) create() (Live, error) {
	for dead := 0; ; dead++ {
		live, err := t.make(func(ctx context.Context) (Live, error) { return t.s.typ.Create(ctx, t.wish) })
		if err != nil || live.State != StateDeleting || t.s.typ.Spec().Identity != Token {
			return live, err
		}
		if dead == maxDead {
			return live, &NotReadyError{Address: t.s.action.Address, ID: live.ID, Detail: "AWS answers with an object that is being deleted"}
		}
		t.wish.Token = tokenAfter(t.wish.Token, live.ID)
	}
}

// make makes a call that brings a new object into being. Where nothing but the
// tags tell whether a call without an answer did so, it looks for the object
// before it makes the call again. Once it is found it is completed, and the call
// is not made again, whatever the completion meets.
func (t *task) make(call func(context.Context) (Live, error)) (Live, error) {
	var live, half Live
	err := t.persist(func(ctx context.Context) error {
		var err error
		if half.ID != "" {
			live, err = t.complete(ctx, half)
			return err
		}
		live, err = call(ctx)
		if err == nil || ClassOf(err) != Doubt || t.s.typ.Spec().Identity != ByTag {
			return err
		}
		t.note(Retrying, "no answer; looking whether it was made: "+t.n.Text(err))
		found, ok, searchErr := t.search(ctx)
		if searchErr != nil {
			return searchErr
		}
		if !ok {
			return err
		}
		half = found
		live, err = t.complete(ctx, half)
		return err
	})
	return live, err
}

// search lists the type until an object at the step's address appears that was
// not there before the run.
func (t *task) search(ctx context.Context) (found Live, ok bool, err error) {
	a := t.s.action.Address
	known := map[string]bool{}
	for _, l := range t.n.plan.world.At(a) {
		known[l.ID] = true
	}
	q := Query{Owners: []Owner{a.Owner}, Wanted: t.n.plan.graph.Wanted(a.Type)}
	began := t.n.Clock.Now()
	for {
		lives, err := t.s.typ.List(ctx, q)
		if err != nil && lasting(err) {
			return Live{}, false, err
		}
		for _, l := range Owned(a.Type, q.Owners, lives) {
			if l.Address == a && !known[l.ID] && l.State != StateDeleting {
				return l, true, nil
			}
		}
		if t.n.Clock.Now().Sub(began) >= lagBound {
			return Live{}, false, nil
		}
		if err := t.rest(searchEvery); err != nil {
			return Live{}, false, err
		}
	}
}

// lasting says that a repetition of a read gives the same answer.
func lasting(err error) bool {
	switch ClassOf(err) {
	case Terminal, Denied, Expired:
		return true
	}
	return false
}

// complete brings an object that was found after a doubt to the wish: a create
// of several calls may have lost its way between them.
func (t *task) complete(ctx context.Context, found Live) (Live, error) {
	var changed []string
	for _, a := range AttrsOf(t.wish.Want) {
		shown, ok := found.Attrs[a.Name]
		differs := ok && shown != a.Value && !a.External && !a.Replace
		if !a.Create && (differs || a.neverSet(found)) {
			changed = append(changed, a.Name)
		}
	}
	if len(changed) == 0 {
		return found, nil
	}
	live, err := t.s.typ.Update(ctx, t.wish, found, changed)
	return merge(found, live), err
}
