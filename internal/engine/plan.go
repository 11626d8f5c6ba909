package engine

import (
	"fmt"
	"time"
)

// PlanOptions are the options of MakePlan.
type PlanOptions struct {
	// Targets limits the plan to these resources and what they transitively
	// need; no orphan is then removed. Empty plans everything.
	Targets []Address
	// RemoveOrphans deletes the objects that the graph does not contain.
	// Without it the plan leaves and names them.
	RemoveOrphans bool
	// KeepOrphans says why an orphan must stay; empty lets the plan delete it.
	// Nil keeps none.
	KeepOrphans func(Object) string
	// Destroy are the owners whose objects are all deleted; their nodes in the
	// graph are ignored.
	Destroy []Owner
	// DeleteData also deletes what Spec.Keep would keep.
	DeleteData bool
	// Adopt are the addresses whose Create may take over an object that has the
	// name and is not berth's.
	Adopt map[Address]bool
	// Settling says whether a ready object has only just become ready, so that
	// what Spec.SettleIn waits for may not have happened yet. Nil means that
	// none has.
	Settling func(Object) bool
	// ShowValues shows the values of containers' variables that do not look like
	// credentials. Without it a reason only names the variable.
	ShowValues bool
	// Traces are the owners for which a run has died since the last successful
	// one: a second object of theirs that nothing uses was left by that run, and
	// is deleted.
	Traces map[Owner]bool
	// DeleteDuplicates are second objects beside others, as TYPE/ID, that the
	// user wants deleted.
	DeleteDuplicates []string
	// Untag says how to take berth's mark off an object, such as "remove the
	// tag: COMMAND". If it is nil or returns nothing, a general text is used.
	Untag func(typ string, l Object) string
	// Now is the time of planning; it becomes Plan.Made.
	Now time.Time
}

// Plan is the list of actions that leads from the observed objects to a graph.
// Runner.Apply executes plans that MakePlan made.
type Plan struct {
	// Actions come owner by owner, in the order of the graph, deletions last.
	// Objects that stay as they are have none.
	Actions []*Action
	// Unchanged is the number of resources that stay as they are.
	Unchanged int
	// Estimate is the longest chain of typical durations.
	Estimate time.Duration
	// Fingerprint is a hash of the observed objects, the desired states and the
	// actions. Two plans with the same fingerprint do the same.
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
	// ID is the object's id; empty for a creation. For a replacement it is the
	// old object's.
	ID string
	// Reasons say why; there is always at least one.
	Reasons []Reason
	// Estimate is the typical time from the beginning of the action to its
	// end, without what it waits for.
	Estimate time.Duration
	// KeepOld says that a replacement keeps the old object, because something
	// outside the plan still uses it.
	KeepOld bool

	node   *Node
	object Object
	// changed are the names for Type.Update.
	changed []string
	// first says that the old object must be gone before the new one is made.
	first bool
	// erase says that a deletion keeps no copy of the data.
	erase bool
	// loses says that the object's data is lost.
	loses bool
	// settles says that the object is new, or has only just become ready: see
	// Spec.SettleIn.
	settles bool
}

// LosesData says that the action deletes data for good: data that a teardown
// keeps unless the user asks for its deletion.
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

// MakePlan compares a graph with the observed objects. It is pure: it makes no
// calls. It fails on a graph that Graph.Check refuses, on a type that the
// registry lacks and on an owner that was not read. A nil graph desires
// nothing.
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
// and leaving one do not count.
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

// Empty says whether there is nothing to do, not even a wait.
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
// if the object does not exist yet.
func (p *Plan) Object(a Address) (object Object, ok bool) {
	object, ok = p.kept[a]
	return object, ok
}

// CheckSaved compares the plan, which was made just now, with one that was
// saved earlier. If they differ, the error is a *MovedError.
func (p *Plan) CheckSaved(saved *Plan) error {
	if p.Fingerprint == saved.Fingerprint {
		return nil
	}
	return &MovedError{Saved: saved.Made, Was: len(saved.Actions), Is: len(p.Actions)}
}

// MovedError says that a saved plan no longer fits the account or the files.
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
