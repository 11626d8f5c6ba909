package deploy

import (
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/app"
)

// Request says what to plan.
type Request struct {
	// Down tears down instead of bringing up.
	Down bool
	// Services limits the plan to these and what they need; empty means all.
	Services []string
	// RemoveOrphans removes services that are not in the file even if no record
	// says which source deployed them.
	RemoveOrphans bool
	// TakeOver takes the stack over from another source, and implies RemoveOrphans.
	TakeOver bool
	// NewEnvironment says that the environment is meant to be new, although its
	// name is almost that of one which exists.
	NewEnvironment bool
	// Adopt are the addresses whose existing objects may be taken over.
	Adopt []string
	// DeleteData also deletes what a teardown otherwise leaves.
	DeleteData bool
	// DeleteDuplicates are objects that exist beside others at one address, as
	// TYPE/ID, to be deleted.
	DeleteDuplicates []string
	// ReadOnly says that the plan is only shown: it then neither waits for a run
	// that is under way nor fails because of it.
	ReadOnly bool
	// Deep reads every attribute.
	Deep bool
	// ShowValues shows the values of changed variables that do not look like
	// credentials; without it the plan names the variables only.
	ShowValues bool
	// Lenient goes on without what the caller may not read, if the result is only
	// shown. Such a plan says nothing about what is missing.
	Lenient bool
	// Timeout is the deadline of the execution; 0 is the plan's own, 15 minutes
	// at least.
	Timeout time.Duration
}

// verb is the request's name in lock records.
func (r Request) verb() string {
	if r.Down {
		return "down"
	}
	return "up"
}

// takesAll reports whether the user asked to delete what is not in the file even if
// its source is unknown.
func (r Request) takesAll() bool { return r.RemoveOrphans || r.TakeOver }

// UnknownServiceError says that the file has no service of that name.
type UnknownServiceError struct {
	Name  string
	Known []string
}

func (e *UnknownServiceError) Error() string {
	return fmt.Sprintf("no service %q in the Compose file", e.Name)
}

// Remedy names the services that there are.
func (e *UnknownServiceError) Remedy() string {
	return fmt.Sprintf("the services are: %s", join(e.Known))
}

// PlaceholderError says that the file asks for something that plan shows and
// up cannot make yet.
type PlaceholderError struct{ Placeholders []app.Placeholder }

func (e *PlaceholderError) Error() string {
	p := e.Placeholders[0]
	msg := fmt.Sprintf("%s: %s", p.Where, p.What)
	if n := len(e.Placeholders) - 1; n > 0 {
		msg += fmt.Sprintf(" (and %d more)", n)
	}
	return msg + ": this version plans it, but cannot deploy it"
}

// Remedy is what the user can do.
func (e *PlaceholderError) Remedy() string {
	return "`berth plan` lists all of them; take them out of this environment with an overlay, compose." + "ENV.yaml"
}
