package engine

import "time"

// Kind is the kind of an Event.
type Kind string

// The kinds of events, in the order in which they occur in a run.
const (
	// Reading: the types are being listed.
	Reading Kind = "reading"
	// Started: an action began.
	Started Kind = "started"
	// Waiting: an action waits; Detail says what for.
	Waiting Kind = "waiting"
	// Retrying: a call failed with an error that may pass, and is repeated;
	// Detail says how it failed.
	Retrying Kind = "retrying"
	// Made: the object exists, or its deletion has begun, but the provider is not
	// done yet.
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

// Event is something that happened during a run. The engine prints nothing: the
// caller renders the events.
type Event struct {
	// Time is zero in Reading events.
	Time time.Time
	Kind Kind
	// Address is the resource's address; for an object without one it is the
	// owner, the type and the id. A Reading event has only the type.
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
	// VerbReplace makes a new object beside the old one, and deletes the old
	// one when nothing refers to it.
	VerbReplace Verb = "replace"
	// VerbDelete deletes an object.
	VerbDelete Verb = "delete"
	// VerbWait changes nothing and waits for an object that is not ready yet.
	VerbWait Verb = "wait"
	// VerbRecord only updates TagLastApplied; nothing else changes.
	VerbRecord Verb = "record"
	// VerbLeave names an object that the plan leaves alone, and why.
	VerbLeave Verb = "leave"
	// VerbNone changes nothing.
	VerbNone Verb = "none"
)
