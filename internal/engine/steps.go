package engine

import (
	"slices"
	"time"
)

// stepKind is the call that a step makes.
type stepKind int

const (
	stepMake stepKind = iota
	stepUpdate
	stepRecord
	stepWait
	stepDelete
	// stepGone waits for an object that the provider is deleting already.
	stepGone
	// stepFinish ends the interim state that an update has left. See Finisher.
	stepFinish
)

// step is one call with its waiting. A replacement has two: make and delete.
type step struct {
	kind   stepKind
	action *Action
	typ    AnyType
	// dur is the typical time from the step's beginning to Ready, or to
	// absence.
	dur   time.Duration
	needs []need
	// rest is the longest typical time from the step's beginning to the end of
	// everything that depends on it; it orders the ready queue.
	rest time.Duration
}

// need is how far along another step must be. For a deletion, Created means that the
// provider has begun it, Ready that the object is gone.
type need struct {
	step *step
	at   Need
}

// deletes says whether the step ends with the object's absence.
func (s *step) deletes() bool { return s.kind == stepDelete || s.kind == stepGone }

// object is the action's object before the step.
func (s *step) object() Object { return s.action.object }

// stepsOf turns actions into steps with their order.
func stepsOf(p *planner, actions []*Action) []*step {
	b := stepBuilder{p: p, byNode: map[Address]*step{}, byObject: map[string]*step{}}
	for _, a := range actions {
		b.add(a)
	}
	for _, s := range b.steps {
		switch {
		case s.kind == stepFinish:
			b.orderFinish(s)
		case s.deletes():
			b.orderDelete(s)
		case s.action.node != nil:
			b.orderNode(s)
		}
	}
	dropDeleteCycles(b.steps)
	weigh(b.steps)
	return b.steps
}

type stepBuilder struct {
	p     *planner
	steps []*step
	// byNode are the steps that create or change a node's object, byObject
	// those that delete an object.
	byNode   map[Address]*step
	byObject map[string]*step
}

func (b *stepBuilder) add(a *Action) {
	switch a.Verb {
	case VerbCreate:
		if a.first {
			b.remove(stepGone, a)
		}
		b.bring(stepMake, a)
	case VerbReplace:
		b.bring(stepMake, a)
		if !a.KeepOld {
			b.remove(stepDelete, a)
		}
	case VerbUpdate:
		b.bring(stepUpdate, a)
		b.finish(a)
	case VerbRecord:
		b.bring(stepRecord, a)
	case VerbWait:
		b.bring(stepWait, a)
	case VerbDelete:
		if a.object.State == StateDeleting {
			b.remove(stepGone, a)
		} else {
			b.remove(stepDelete, a)
		}
	case VerbLeave, VerbNone:
	}
}

func (b *stepBuilder) bring(kind stepKind, a *Action) {
	s := b.step(kind, a)
	if kind != stepRecord && b.p.reg.polls(a.Type) {
		spec := s.typ.Spec()
		s.dur = spec.ReadyIn
		if a.settles {
			s.dur += spec.SettleIn
		}
		if kind == stepWait && a.object.State == StateReady {
			s.dur = spec.SettleIn
		}
	}
	b.byNode[a.Address] = s
}

func (b *stepBuilder) remove(kind stepKind, a *Action) {
	s := b.step(kind, a)
	if b.p.reg.polls(a.Type) {
		s.dur = s.typ.Spec().GoneIn
	}
	b.byObject[typedObject{a.Type, a.object}.key()] = s
}

func (b *stepBuilder) step(kind stepKind, a *Action) *step {
	typ, _ := b.p.reg.Lookup(a.Type)
	s := &step{kind: kind, action: a, typ: typ}
	b.steps = append(b.steps, s)
	return s
}

// orderNode makes a step wait for what its node refers to, and for the old
// object's absence if that must come first.
func (b *stepBuilder) orderNode(s *step) {
	for _, e := range s.action.node.Edges() {
		on := b.byNode[e.To]
		if on == nil || e.Need == Created && (on.kind == stepWait || on.kind == stepRecord) {
			continue
		}
		s.needs = append(s.needs, need{on, e.Need})
	}
	if s.action.first {
		old := b.byObject[typedObject{s.action.Type, s.action.object}.key()]
		s.needs = append(s.needs, need{old, Ready})
	}
}

// orderDelete makes a deletion wait for everything that still uses the object:
// objects that mention it must be gone or changed, and a replacement must be in
// use.
func (b *stepBuilder) orderDelete(s *step) {
	if s.action.first || s.kind == stepGone {
		// Nothing may delay what a creation waits for; conflicts are repeated.
		return
	}
	spec := s.typ.Spec()
	add := func(on *step) {
		if on == nil || on == s {
			return
		}
		n := need{on, Ready}
		if on.deletes() && slices.Contains(spec.DeletesWith, on.action.Type) {
			if on.kind == stepGone {
				return
			}
			n.at = Created
		}
		if !slices.Contains(s.needs, n) {
			s.needs = append(s.needs, n)
		}
	}
	for _, user := range b.p.refs.of(s.action.Type, s.action.ID) {
		add(b.byObject[user.key()])
		if v := b.p.verdicts[user.object.Address]; v != nil && v.object.ID == user.object.ID {
			if on := b.byNode[user.object.Address]; on != nil && on.kind == stepUpdate {
				add(on)
			}
		}
	}
	for _, on := range b.steps {
		after := slices.Contains(spec.DeletesAfter, on.action.Type)
		if on.deletes() && (after || slices.Contains(spec.DeletesWith, on.action.Type)) || on.kind == stepUpdate && after {
			add(on)
		}
	}
	if s.action.Verb != VerbReplace {
		return
	}
	add(b.byNode[s.action.Address])
	for _, on := range b.steps {
		if n := on.action.node; n != nil && !on.deletes() && refersTo(n, s.action.Address) {
			add(on)
		}
	}
}

func refersTo(n *Node, a Address) bool {
	return slices.ContainsFunc(n.Edges(), func(e Edge) bool { return e.To == a })
}
