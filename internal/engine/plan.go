package engine

import (
	"fmt"
	"time"
)

// PlanOptions changes what MakePlan plans.
type PlanOptions struct {
	// Targets limits the plan to these resources and what they transitively
	// need; no orphan is then removed. Empty plans everything.
	Targets []Address
	// RemoveOrphans deletes the objects that the graph does not contain.
	// Without it they are left, and named.
	RemoveOrphans bool
	// KeepOrphans says why one orphan is to stay; an empty answer lets it go.
	// Nil keeps none.
	KeepOrphans func(Object) string
	// Destroy are the owners whose objects are all deleted; their nodes in the
	// graph are ignored.
	Destroy []Owner
	// DeleteData also deletes what Spec.Keep would leave.
	DeleteData bool
	// Adopt are the addresses whose Create may take over an object of the name
	// that berth does not own.
	Adopt map[Address]bool
	// Settling says of an object that is ready that it has become so just now:
	// what Spec.SettleIn waits for may not have happened. Nil says so of none.
	Settling func(Object) bool
	// ShowValues shows the values of containers' variables that do not look like
	// credentials. Without it a reason names the variable only.
	ShowValues bool
	// Traces are the owners of whose objects a run has died since they were last
	// in order: a second one of theirs that nothing uses is what it left, and is
	// deleted.
	Traces map[Owner]bool
	// DeleteDuplicates are second objects beside others, as TYPE/ID, that the
	// user wants deleted.
	DeleteDuplicates []string
	// Untag says how to take berth's mark off an object, as in "take the tags off:
	// COMMAND". Nil, or an empty answer, says it in general.
	Untag func(typ string, l Object) string
	// Now is the moment of planning, which the plan carries.
	Now time.Time
}

// Plan is the list of actions that leads from a world to a graph. MakePlan
// makes one that Runner.Apply can execute.
type Plan struct {
	// Actions come owner by owner, in the order of the graph, deletions last.
	// Objects that stay as they are have none.
	Actions []*Action
	// Unchanged is the number of resources that stay as they are.
	Unchanged int
	// Estimate is the longest chain of typical durations.
	Estimate time.Duration
	// Fingerprint is a hash of the world, the desired states and the actions. Two plans
	// of one fingerprint do the same.
	Fingerprint string
	// Made is when the plan was made.
	Made time.Time

	graph    *Graph
	observed *Observed
	kept     map[Address]Object
	adopt    map[Address]bool
	steps    []*step
}

// Action is one thing to do, or to leave, with its reasons.
type Action struct {
	Verb Verb
	// Address is zero for an object whose tags name none; Type never is.
	Address Address
	Type    string
	// ID is the live object's id; empty for a creation. For a replacement it
	// is the old object's.
	ID string
	// Reasons say why; there is always one.
	Reasons []Reason
	// Estimate is the typical time from the beginning of the action to its
	// end, without what it waits for.
	Estimate time.Duration
	// KeepOld says that a replacement leaves the old object standing, because
	// something that is not part of the plan still uses it.
	KeepOld bool

	node   *Node
	object Object
	// changed are the names for Type.Update.
	changed []string
	// first says that the old object must be gone before the new one is made.
	first bool
	// erase says that a deletion keeps no copy of the data.
	erase bool
	// loses says that data goes with the object.
	loses bool
	// settles says that the object is new, or as good as new: see Spec.SettleIn.
	settles bool
}

// LosesData says that the action deletes what a teardown keeps unless the user
// asks for the deletion of data: nothing brings it back.
func (a *Action) LosesData() bool { return a.Verb == VerbDelete && a.loses }

// Title is the action's address, or its type and id if it has none.
func (a *Action) Title() string {
	if a.Address.IsZero() {
		return a.Type + " " + a.ID
	}
	return a.Address.String()
}

// Owner is the owner of the action's object, from its address or its tags;
// zero if neither names one. The events of the action carry the same.
func (a *Action) Owner() Owner {
	if !a.Address.IsZero() {
		return a.Address.Owner
	}
	return ownerOf(a.object)
}

// MakePlan compares a graph with a world. It is pure: it calls nothing. It
// fails on a graph that Graph.Check refuses, on a type that the registry lacks
// and on an owner that was not read. A nil graph wants nothing.
func MakePlan(g *Graph, w *Observed, reg *Registry, opts PlanOptions) (*Plan, error) {
	if g == nil {
		g = NewGraph()
	}
	if err := g.Check(); err != nil {
		return nil, err
	}
	p, err := newPlanner(g, w, reg, opts)
	if err != nil {
		return nil, err
	}
	p.judgeNodes()
	p.judgeRest()
	return p.plan(), nil
}

// Changes says whether the plan changes anything in the provider. Waiting for an object
// and leaving one are no changes.
func (p *Plan) Changes() bool {
	for _, a := range p.Actions {
		switch a.Verb {
		case VerbWait, VerbLeave, VerbNone:
		default:
			return true
		}
	}
	return false
}

// Empty says whether there is nothing to do, not even to wait.
func (p *Plan) Empty() bool {
	for _, a := range p.Actions {
		if a.Verb != VerbLeave && a.Verb != VerbNone {
			return false
		}
	}
	return true
}

// Count is the number of actions of a verb.
func (p *Plan) Count(v Verb) int {
	n := 0
	for _, a := range p.Actions {
		if a.Verb == v {
			n++
		}
	}
	return n
}

// Object is the object that the plan keeps or changes at an address; ok is false
// when it is still to be made.
func (p *Plan) Object(a Address) (object Object, ok bool) {
	object, ok = p.kept[a]
	return object, ok
}

// CheckSaved compares the plan, which was made just now, with one that was
// saved earlier. When they differ, the error is a *MovedError.
func (p *Plan) CheckSaved(saved *Plan) error {
	if p.Fingerprint == saved.Fingerprint {
		return nil
	}
	return &MovedError{Saved: saved.Made, Was: len(saved.Actions), Is: len(p.Actions)}
}

// MovedError says that a saved plan does not fit the world any more.
type MovedError struct {
	// Saved is when the plan was saved.
	Saved time.Time
	// Was and Is are the numbers of actions then and now.
	Was, Is int
}

func (e *MovedError) Error() string {
	return fmt.Sprintf("the plan of %s is out of date: the account or the files have changed since (%d actions then, %d now)",
		e.Saved.Format(time.RFC3339), e.Was, e.Is)
}
