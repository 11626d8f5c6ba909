package engine

import (
	"errors"
	"fmt"
)

// Class is what an error means for the one who made the call.
type Class int

const (
	// Terminal means: a repetition gives the same answer.
	Terminal Class = iota
	// Throttled means: too many calls; later it works.
	Throttled
	// NotYet means: something that was just made has not reached everywhere.
	NotYet
	// Conflict means: something else is under way or still attached; it passes.
	Conflict
	// Unknown means: no answer came; the call may or may not have taken effect.
	Unknown
	// NotFound means: the object is not there.
	NotFound
	// Denied means: the caller lacks a permission.
	Denied
	// Expired means: the caller's credentials are no longer valid.
	Expired
)

// Classified is an error that knows its class.
type Classified interface {
	error
	Class() Class
}

// ClassOf is the class of the first Classified in err's chain, else Terminal.
func ClassOf(err error) Class {
	var c Classified
	if errors.As(err, &c) {
		return c.Class()
	}
	return Terminal
}

// TakenError says that a name is held by an object that berth does not own, or
// owns at another address.
type TakenError struct {
	// Address is the resource that needs the name.
	Address Address
	// Name is the name, ID the object that has it.
	Name, ID string
	// Owner is the mark on the object; empty if it carries none.
	Owner string
}

func (e *TakenError) Error() string {
	whose := "it has no berth mark"
	if e.Owner != "" {
		whose = "it belongs to " + e.Owner
	}
	return fmt.Sprintf("name %s is taken by %s: %s", e.Name, e.ID, whose)
}
