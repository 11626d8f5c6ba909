package engine

import (
	"fmt"
	"strings"
)

// UnclearError says that several objects carry the tags of one address, and
// nothing tells which of them berth has made.
type UnclearError struct {
	Address Address
	IDs     []string
	ways    []string
}

func (e *UnclearError) Error() string {
	return fmt.Sprintf("%s: %s carry its tags, and nothing uses one of them more than the others",
		e.Address, strings.Join(e.IDs, " and "))
}

// Remedy says how to make it clear.
func (e *UnclearError) Remedy() string { return strings.Join(e.ways, "\n") }

// NoDuplicateError says that the user named an object as a duplicate that is
// none.
type NoDuplicateError struct{ Name string }

func (e *NoDuplicateError) Error() string {
	return fmt.Sprintf("%s is not a second object beside another one", e.Name)
}

// Remedy says where the names come from.
func (e *NoDuplicateError) Remedy() string {
	return "`berth plan` names the duplicates, as TYPE/ID"
}

func cutName(name string) (typ, id string) {
	typ, id, _ = strings.Cut(name, "/")
	return typ, id
}

// why says what speaks for the first of two objects.
func (u uses) why(typ string, first, second Object) string {
	switch {
	case u.rank(typ, first) == u.rank(typ, second) && byAge(first, second) < 0:
		return "which is older"
	case u.rank(typ, first) == 0:
		return "which running services use"
	case u.rank(typ, first) == 1:
		return "which berth's other objects use"
	}
	return "which stands for its address"
}
