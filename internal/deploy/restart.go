package deploy

import (
	"context"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/why"
)

// Restarts are the services that a restart is about, as they were read.
type Restarts struct {
	// Names are the services, in the order of the app.
	Names []string

	session *session
	seen    sighting
	objects []engine.Object
	table   blueprint.Outputs
}

// NotServiceError says that something cannot be restarted, because it is not a
// service.
type NotServiceError struct{ Name, What, remedy string }

func (e *NotServiceError) Error() string {
	return fmt.Sprintf("%s cannot be restarted: it is a %s", e.Name, e.What)
}

// Remedy is what the user can do.
func (e *NotServiceError) Remedy() string { return e.remedy }

// NothingToRestartError says that services are not there.
type NothingToRestartError struct{ Names []string }

func (e *NothingToRestartError) Error() string {
	return fmt.Sprintf("not deployed here: %s", join(e.Names))
}

// Remedy is what the user can do.
func (e *NothingToRestartError) Remedy() string { return "`berth up` deploys them" }

// UnderWay is a service with a deployment that has not ended, and how far it is.
type UnderWay struct{ Name, Detail string }

// UnderWayError says that something is under way that a restart would get mixed up
// with: deployments of services or, without any, a run that died.
type UnderWayError struct {
	Services []UnderWay
	// Done is what was not done: restarted, scaled.
	Done string
}

func (e *UnderWayError) Error() string {
	if len(e.Services) == 0 {
		return "the last run did not finish: nothing was " + e.Done
	}
	var list []string
	for _, s := range e.Services {
		list = append(list, s.Name+" ("+s.Detail+")")
	}
	return fmt.Sprintf("a deployment is under way of %s: nothing was %s", join(list), e.Done)
}

// Remedy is what the user can do.
func (e *UnderWayError) Remedy() string {
	if len(e.Services) == 0 {
		return "`berth up` goes on where it stopped; then try again"
	}
	return "wait until `berth ps` shows no deployment, or run `berth up`, which waits for it"
}

// Asks says which services a Work is about.
type Asks struct {
	// Names are those of services; all without any.
	Names []string
	// Done is the word for what has been done to them: restarted, scaled.
	Done string
	// Moving also takes services with a deployment under way. Some leaves out those of
	// Names that are not deployed; without names there are none then.
	Moving, Some bool
	// AfterDeath goes on where a run has died. The next run of up still looks for what it
	// left.
	AfterDeath bool
}

// PlanRestart reads the services that Restart is to restart: those of these names,
// or all. It changes nothing.
func (p *Project) PlanRestart(ctx context.Context, names []string, observe Observer) (*Restarts, error) {
	return p.PlanWork(ctx, Asks{Names: names, Done: "restarted"}, observe)
}

// PlanWork is PlanRestart for any work on services.
func (p *Project) PlanWork(ctx context.Context, asks Asks, observe Observer) (*Restarts, error) {
	names := asks.Names
	if err := p.checkRestart(names); err != nil {
		return nil, err
	}
	names = tasksOf(p.Source.App, names)
	s, err := p.newSession(observe)
	if err != nil {
		return nil, err
	}
	r := &Restarts{session: s}
	if r.table, err = p.Outputs(); err != nil {
		return nil, err
	}
	if r.seen, err = observeAll(ctx, s); err != nil {
		return nil, err
	}
	if err := checkSource(s, r.seen); err != nil {
		return nil, err
	}
	if r.seen[s.stack()].Unclean && !asks.AfterDeath {
		return nil, &UnderWayError{Done: asks.Done}
	}
	asks.Names = names
	return r, r.read(ctx, asks)
}

func observeAll(ctx context.Context, s *session) (sighting, error) {
	return observe(state.TellWaits(ctx, s.waits), s, false)
}

// checkRestart refuses the names of jobs and databases.
func (p *Project) checkRestart(names []string) error {
	if err := p.CheckNames(names); err != nil {
		return err
	}
	for _, name := range tasksOf(p.Source.App, names) {
		if _, ok := p.Source.App.Job(name); ok {
			return &NotServiceError{name, "job", "`berth up` runs a job when it, or something that waits for it, has changed"}
		}
		if _, ok := p.Source.App.Database(name); ok {
			return &NotServiceError{name, "managed database", "reboot it in the console of RDS or ElastiCache"}
		}
	}
	return nil
}

// checkSource refuses to change what another source has deployed.
func checkSource(s *session, seen sighting) error {
	rec := seen[s.stack()].Record
	source := rec.Source
	if source == "" && rec.LastRelease != nil {
		source = rec.LastRelease.Source
	}
	theirs := app.ReadSource(source)
	if source == "" || s.app.Source.Same(theirs) {
		return nil
	}
	return &OtherSourceError{Stack: s.stack(), Claim: Claim{Mine: s.app.Source.String(), Theirs: theirs.String()}}
}

// Addresses are those of the services, in the order of Names.
func (r *Restarts) Addresses() []engine.Address {
	out := make([]engine.Address, len(r.objects))
	for i, o := range r.objects {
		out[i] = o.Address
	}
	return out
}

// read finds the services; all that were asked for by name must be there.
func (r *Restarts) read(ctx context.Context, asks Asks) error {
	var wanted, missing []string
	var moving []UnderWay
	var asked []status.Wanted
	if len(asks.Names) > 0 || !asks.Some {
		asked = servicesOf(r.table, asks.Names)
	}
	for _, w := range asked {
		wanted = append(wanted, w.ECSName)
	}
	found, err := r.services().Named(ctx, r.table.Cluster, wanted)
	if err != nil {
		return err
	}
	there := map[engine.Address]engine.Object{}
	for _, o := range found {
		if o.State != engine.StateDeleting {
			there[o.Address] = o
		}
	}
	for _, w := range asked {
		out, _ := r.table.Service(w.Name)
		o, ok := there[out.Address]
		if !ok {
			missing = append(missing, w.Name)
			continue
		}
		if o.State == engine.StatePending {
			moving = append(moving, UnderWay{w.Name, o.Detail})
		}
		r.objects, r.Names = append(r.objects, o), append(r.Names, w.Name)
	}
	if !asks.Some && (len(r.objects) == 0 || len(asks.Names) > 0 && len(missing) > 0) {
		return &NothingToRestartError{missing}
	}
	if len(moving) > 0 && !asks.Moving {
		return &UnderWayError{moving, asks.Done}
	}
	return nil
}

func (r *Restarts) services() ecs.Services { return ecs.Services{API: r.session.clients.ECS} }

// Restart starts a new deployment of the services under the stack's lock, and waits
// until all are healthy. A service that is not is an *engine.ActionError, as in
// Apply; the diagnoses say why.
func (r *Restarts) Restart(ctx context.Context, timeout time.Duration, observe Observer) ([]why.Answer, error) {
	return r.Each(ctx, Work{
		Word: "restart", Timeout: timeout, Observe: observe,
		Change: func(ctx context.Context, _ int, o engine.Object) (engine.Object, error) {
			return r.services().Restart(ctx, o)
		},
	})
}

// Objects are the services as they were read, in the order of Names.
func (r *Restarts) Objects() []engine.Object { return r.objects }
