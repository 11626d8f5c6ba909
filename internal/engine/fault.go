package engine

import (
	"errors"
	"fmt"
)

// Class is what an error means for the caller.
type Class int

const (
	// Terminal means: a repeated call would fail in the same way.
	Terminal Class = iota
	// Throttled means: too many calls; a later call works.
	Throttled
	// NotYet means: something that was just made is not visible everywhere yet.
	NotYet
	// Conflict means: another change is under way, or something is still
	// attached; it passes.
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

// ClassOf is the class of the first Classified in err's chain; Terminal if
// there is none.
func ClassOf(err error) Class {
	var c Classified
	if errors.As(err, &c) {
		return c.Class()
	}
	return Terminal
}

// TakenError says that the name of a resource is used by an object that berth
// does not own, or that it owns at another address.
type TakenError struct {
	// Address is the resource that needs the name.
	Address Address
	// Name is the name, and ID is the object that has it.
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
