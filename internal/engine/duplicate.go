package engine

import (
	"fmt"
	"strings"
)

// UnclearError says that several objects carry the tags of one address, and
// that berth cannot tell which of them it made.
type UnclearError struct {
	Address Address
	IDs     []string
	ways    []string
}

func (e *UnclearError) Error() string {
	return fmt.Sprintf("%s: %s carry its tags, and it is not clear which of them is berth's",
		e.Address, strings.Join(e.IDs, " and "))
}

// Remedy says what the user can do about each of them.
func (e *UnclearError) Remedy() string { return strings.Join(e.ways, "\n") }

// NoDuplicateError says that the object which the user named as a duplicate is
// not one.
type NoDuplicateError struct{ Name string }

func (e *NoDuplicateError) Error() string {
	return fmt.Sprintf("%s is not a duplicate of another object", e.Name)
}

// Remedy says where the names come from.
func (e *NoDuplicateError) Remedy() string {
	return "`berth plan` lists the duplicates as TYPE/ID"
}

func cutName(name string) (typ, id string) {
	typ, id, _ = strings.Cut(name, "/")
	return typ, id
}

// why says why the first of two objects is the one to keep.
func (u uses) why(typ string, first, second Object) string {
	switch {
	case u.rank(typ, first) == u.rank(typ, second) && byAge(first, second) < 0:
		return "which is older"
	case u.rank(typ, first) == 0:
		return "which running services use"
	case u.rank(typ, first) == 1:
		return "which berth's other objects use"
	}
	return "which berth uses for its address"
}
