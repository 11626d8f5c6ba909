package world

import (
	"slices"
	"strings"
	"time"
)

// Call is the record of one call; the SDK's retries are separate calls.
type Call struct {
	// Index counts the calls of the world from 0.
	Index int
	// At is when the caller sent it.
	At time.Time
	// Service is the SDK's service id, Operation its name there.
	Service, Operation string
	// Actions are the permissions that it needs, such as "ec2:CreateVpc", the
	// operation's own first. Tags in a create and a passed role add more.
	Actions []string
	// Resources are the ARNs that it is about, as far as known.
	Resources []string
	// Mutating reports whether the operation could change anything.
	Mutating bool
	// Input is the SDK's typed input. It must not be changed.
	Input any `json:"-"`
	// Code is AWS's error code; empty for a success, "Connection" if no answer
	// came, "Killed" if the caller was dead.
	Code string

	// life is the caller's: Revive begins another.
	life int
}

// Actions are the permissions that calls needed, sorted, each once.
func Actions(calls []Call) []string {
	var all []string
	for _, c := range calls {
		all = append(all, c.Actions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// record is every call so far, in the order in which they were sent.
type record []Call

// add appends a call and numbers it.
func (r *record) add(c *Call) {
	c.Index = len(*r)
	*r = append(*r, *c)
}

// finish records how a call ended.
func (r record) finish(c *Call, err error) {
	c.Code = ErrorCode(err)
	r[c.Index] = *c
}

// Calls is the record of every call so far, in the order they were sent.
func (w *World) Calls() []Call {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return slices.Clone(w.server.record)
}

// Mutating reports whether an operation could change anything, by its name.
func Mutating(op string) bool {
	for _, p := range []string{"Describe", "List", "Get", "Head", "Filter", "Discover", "Search", "Simulate"} {
		if strings.HasPrefix(op, p) {
			return false
		}
	}
	return true
}
