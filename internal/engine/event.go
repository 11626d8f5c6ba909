package engine

import "time"

// Kind is the sort of an Event.
type Kind string

// The kinds of events, in the order in which a run has them.
const (
	// Reading: the types are being listed.
	Reading Kind = "reading"
	// Started: an action began.
	Started Kind = "started"
	// Waiting: an action waits; Detail says for what.
	Waiting Kind = "waiting"
	// Retrying: a call failed in a way that passes; Detail says how.
	Retrying Kind = "retrying"
	// Made: the object exists, or the deletion has begun, but the provider works on.
	Made Kind = "made"
	// Done: the action is complete.
	Done Kind = "done"
	// Failed: the action failed; Err says why.
	Failed Kind = "failed"
	// Skipped: the action was not begun because something else failed.
	Skipped Kind = "skipped"
	// Stopped: the action was begun and is left to the provider, because the run ended
	// before it was complete.
	Stopped Kind = "stopped"
)

// Event is something that happened during a run. The engine prints nothing:
// whoever shows a run renders its events.
type Event struct {
	// Time is zero in Reading events.
	Time time.Time
	Kind Kind
	// Address is the resource's; of an object that has none it is the owner,
	// the type and the id. A Reading event has the type alone.
	Address Address
	Verb    Verb
	// ID is the id of the object, when it is known.
	ID string
	// Detail is one short line; never a secret.
	Detail string
	// Elapsed is the time since the action began.
	Elapsed time.Duration
	Err     error
}

// Verb is what an action does.
type Verb string

// The verbs of a plan.
const (
	// VerbCreate makes a new object.
	VerbCreate Verb = "create"
	// VerbUpdate changes an object in place.
	VerbUpdate Verb = "update"
	// VerbReplace makes a new object beside the old one, which is deleted when
	// nothing refers to it any more.
	VerbReplace Verb = "replace"
	// VerbDelete deletes an object.
	VerbDelete Verb = "delete"
	// VerbWait changes nothing and waits for an object that is not ready yet.
	VerbWait Verb = "wait"
	// VerbRecord only writes down what was asked for; nothing else changes.
	VerbRecord Verb = "record"
	// VerbLeave names an object that a teardown leaves standing, and why.
	VerbLeave Verb = "leave"
	// VerbNone changes nothing.
	VerbNone Verb = "none"
)
