package engine

import (
	"fmt"
	"strings"
	"time"
)

// ActionError says which action failed, and why.
type ActionError struct {
	Verb    Verb
	Address Address
	// Type and ID name the object when it has no address.
	Type, ID string
	Err      error
}

func (e *ActionError) Error() string {
	a := Action{Address: e.Address, Type: e.Type, ID: e.ID}
	return fmt.Sprintf("%s %s: %v", e.Verb, a.Title(), e.Err)
}

func (e *ActionError) Unwrap() error { return e.Err }

// NotReadyError says that an object was made but will not become ready: the provider
// gave up a deployment, or the object vanished.
type NotReadyError struct {
	Address Address
	ID      string
	// Detail is the provider's reason.
	Detail string
}

func (e *NotReadyError) Error() string {
	// Whoever shows the error names the address beside it: an ARN would only push
	// the reason away.
	if !e.Address.IsZero() {
		return "it did not become ready: " + e.Detail
	}
	return fmt.Sprintf("%s did not become ready: %s", e.ID, e.Detail)
}

// TimeoutError says that a run reached its deadline, and what it waited for.
type TimeoutError struct {
	After   time.Duration
	Waiting []Waited
}

// Waited is an action that had begun and was not complete.
type Waited struct {
	Verb Verb
	// Title is the address, or the type and id.
	Title string
	// Detail is the last thing that the provider said about it.
	Detail string
}

// mostWaiting is the largest number of actions that a TimeoutError's text
// names.
const mostWaiting = 5

func (e *TimeoutError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "not complete after %s", e.After)
	for i, w := range e.Waiting {
		if i == mostWaiting {
			fmt.Fprintf(&b, " and %d more", len(e.Waiting)-i)
			break
		}
		sep := ", "
		if i == 0 {
			sep = ": still waiting for "
		}
		fmt.Fprintf(&b, "%s%s %s", sep, w.Verb, w.Title)
		if w.Detail != "" {
			fmt.Fprintf(&b, " (%s)", w.Detail)
		}
	}
	return b.String()
}
