package run

import (
	"context"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
)

// Session is one project in one environment, in one account and region.
type Session struct {
	App      *app.App
	Clients  *aws.Clients
	Registry *engine.Registry
	Locker   *state.Locker
	Releases state.Releases
	Clock    clock.Clock
	// Account, Region and Partition are where the session works, Who is the
	// caller's ARN.
	Account, Region, Partition, Who string
	// Commit and Dirty describe the sources, for the release record.
	Commit string
	Dirty  bool
	// Contents reads what the app's builds are made of: a digest by
	// app.Build.Key. Nil stands for an app without builds. What is missing is an
	// *app.Problems; the digests of the other builds come with it.
	Contents func(ctx context.Context) (map[string]string, error)
	// Builds says where images are built; the zero value is where berth runs.
	Builds Builds
	// Workers bounds the calls under way at once; 0 is the engine's default.
	Workers int
	// Resolver asks the public DNS; nil asks nobody.
	Resolver hosts.Resolver
	// Emit receives the engine's events; nil drops them.
	Emit func(engine.Event)
}

// Stack is the owner of the project's own resources.
func (s *Session) Stack() engine.Owner { return blueprint.Stack(s.App) }

// Environment is the owner of what the project shares with others.
func (s *Session) Environment() engine.Owner { return blueprint.Environment(s.App) }

func (s *Session) owners() []engine.Owner {
	return []engine.Owner{s.Environment(), s.Stack()}
}

// Source is where the Compose file comes from, in one string: the git remote
// and the path in it, or the folder.
func (s *Session) Source() string {
	return s.App.Source.String()
}

// Request says what a run is to do.
type Request struct {
	// Down tears down instead of bringing up.
	Down bool
	// Services limits the run to these and what they need; empty means all.
	Services []string
	// RemoveOrphans removes services that are not in the file even if no record
	// says whose they are.
	RemoveOrphans bool
	// TakeOver makes a stack of another source this one's, and so does what
	// RemoveOrphans does.
	TakeOver bool
	// Adopt are the addresses whose existing objects may be taken over.
	Adopt []string
	// DeleteData also deletes what a teardown otherwise leaves.
	DeleteData bool
	// DeleteDuplicates are objects that stand beside others at one address, as
	// TYPE/ID, to be deleted.
	DeleteDuplicates []string
	// ReadOnly says that nothing will be executed: a run that is under way is
	// then neither waited for nor in the way.
	ReadOnly bool
	// Deep reads every attribute.
	Deep bool
	// ShowValues shows the values of changed variables that do not look like
	// credentials; without it the plan names the variables only.
	ShowValues bool
	// Lenient goes on without what may not be read, for whoever only shows what
	// is there. The plan of such a request means nothing for what is missing.
	Lenient bool
	// Timeout is the deadline of the run; 0 is the plan's own, 15 minutes at least.
	Timeout time.Duration
}

// verb is the request's name in lock records.
func (r Request) verb() string {
	if r.Down {
		return "down"
	}
	return "up"
}

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

// CheckNames reports the first name that is no service or job of the file.
func (s *Session) CheckNames(names []string) error {
	_, err := s.targets(names)
	return err
}
