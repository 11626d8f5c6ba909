package gate

import (
	"errors"

	"github.com/berthdev/berth/internal/engine"
)

// Half marks the error of a later call of a creation whose first call has made
// the object. An error that may pass gets the class engine.Unknown, so that the
// engine looks for the object before it makes another; other errors keep their
// class. Nil stays nil.
func Half(err error) error {
	if err == nil {
		return nil
	}
	switch engine.ClassOf(err) {
	case engine.Throttled, engine.NotYet, engine.Conflict, engine.NotFound:
		return &recastError{engine.Unknown, err}
	}
	return err
}

// Unseen marks AWS's answer that an object exists which its lists do not show
// yet because it is new: the class becomes engine.NotYet.
func Unseen(err error) error { return &recastError{engine.NotYet, err} }

// Unlisted is the Unseen error for the object of this name: AWS says that it
// exists, and its lists do not show it yet.
func Unlisted(name string) error { return Unseen(&unlistedError{name}) }

type unlistedError struct{ name string }

func (e *unlistedError) Error() string { return e.name + " exists but is not listed yet" }

// Busy returns the error for an object that AWS or a task still works on; what
// says how. It passes, so its class is engine.Conflict.
func Busy(what string) error { return &recastError{engine.Conflict, errors.New(what)} }

// Failure returns the error that AWS put into the answer of a call that
// succeeded, such as DeleteVpcEndpoints does for each endpoint. It is
// classified like any other.
func Failure(serviceID, operation, code, message string) error {
	s := serviceByID(serviceID)
	e := &Error{
		Service: s.name, Operation: operation, Code: code, Message: oneLine(message),
		Attempts: 1, prefix: s.prefix, err: errInAnswer,
	}
	e.class, e.harmless = classify(e, true)
	if e.class == engine.Terminal {
		e.quota = quotaOf(code)
	}
	return e
}

// recastError has another class than the error that it wraps.
type recastError struct {
	class engine.Class
	err   error
}

func (e *recastError) Error() string { return e.err.Error() }
func (e *recastError) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (e *recastError) Class() engine.Class { return e.class }

// answerError is a constant error.
type answerError string

func (e answerError) Error() string { return string(e) }

// errInAnswer is the error that an *Error of Failure wraps.
const errInAnswer = answerError("AWS reported it in its answer")

var _ engine.Classified = (*recastError)(nil)
