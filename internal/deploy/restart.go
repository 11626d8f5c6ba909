package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
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
type UnderWayError struct{ Services []UnderWay }

func (e *UnderWayError) Error() string {
	if len(e.Services) == 0 {
		return "the last run did not finish: nothing was restarted"
	}
	var list []string
	for _, s := range e.Services {
		list = append(list, s.Name+" ("+s.Detail+")")
	}
	return fmt.Sprintf("a deployment is under way of %s: nothing was restarted", join(list))
}

// Remedy is what the user can do.
func (e *UnderWayError) Remedy() string {
	if len(e.Services) == 0 {
		return "`berth up` goes on where it stopped; then restart"
	}
	return "wait until `berth ps` shows no deployment, or run `berth up`, which waits for it"
}

// PlanRestart reads the services that Restart is to restart: those of these names,
// or all. It changes nothing.
func (p *Project) PlanRestart(ctx context.Context, names []string, observe Observer) (*Restarts, error) {
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
	if r.seen[s.stack()].Unclean {
		return nil, &UnderWayError{}
	}
	return r, r.read(ctx, names)
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
func (r *Restarts) read(ctx context.Context, names []string) error {
	var wanted, missing []string
	var moving []UnderWay
	asked := servicesOf(r.table, names)
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
	if len(r.objects) == 0 || len(names) > 0 && len(missing) > 0 {
		return &NothingToRestartError{missing}
	}
	if len(moving) > 0 {
		return &UnderWayError{moving}
	}
	return nil
}

func (r *Restarts) services() ecs.Services { return ecs.Services{API: r.session.clients.ECS} }

// restartDeadline is how long a restart may take unless the user says otherwise, as
// a deployment may.
const restartDeadline = 15 * time.Minute

// restartPoll is how often the deployments are polled.
const restartPoll = 3 * time.Second

// Restart starts a new deployment of the services under the stack's lock, and waits
// until all are healthy. A service that is not is an *engine.ActionError, as in
// Apply; the diagnoses say why.
func (r *Restarts) Restart(ctx context.Context, timeout time.Duration, observe Observer) ([]why.Answer, error) {
	return r.Each(ctx, "restart", timeout, observe, func(ctx context.Context, _ int, o engine.Object) (engine.Object, error) {
		return r.services().Restart(ctx, o)
	})
}

// Objects are the services as they were read, in the order of Names.
func (r *Restarts) Objects() []engine.Object { return r.objects }

// Each is Restart with another call: change is made for each service, whose place in
// Names it receives. what is the word for it in the lock.
func (r *Restarts) Each(ctx context.Context, what string, timeout time.Duration, observe Observer,
	change func(ctx context.Context, i int, o engine.Object) (engine.Object, error),
) ([]why.Answer, error) {
	s := r.session.observedBy(observe)
	if timeout <= 0 {
		timeout = restartDeadline
	}
	held, err := lockStack(ctx, s, r.seen, what)
	if err != nil {
		return nil, err
	}
	x := &restart{Restarts: r, session: s, change: change, began: s.clock.Now(), deadline: timeout}
	err = concurrent.Safely(func() error { return x.run(gate.WithGuard(ctx, held.guard)) })
	err = errors.Join(err, freeStack(ctx, s, held))
	return x.diagnose(ctx, err), err
}

// lockStack takes the stack's lock as it was seen.
func lockStack(ctx context.Context, s *session, all sighting, verb string) (*locks, error) {
	s.begin(StageLock)
	held := newLocks(s, all)
	seen := all[s.stack()]
	begin(&seen, s.clock.Now())
	if err := held.take(state.TellWaits(ctx, s.waits), seen, verb); err != nil {
		return nil, fmt.Errorf("taking the lock: %w", err)
	}
	return held, nil
}

// restart is one that is carried out.
type restart struct {
	*Restarts
	session  *session
	change   func(ctx context.Context, i int, o engine.Object) (engine.Object, error)
	began    time.Time
	deadline time.Duration
	waiting  []engine.Object
	failed   []error
}

func (x *restart) run(ctx context.Context) error {
	x.session.begin(StageApply)
	for i, o := range x.objects {
		x.tell(engine.Started, o, nil)
		now, err := x.change(ctx, i, o)
		if err != nil {
			x.fail(o, err)
			continue
		}
		x.tell(engine.Made, now, nil)
		x.waiting = append(x.waiting, now)
	}
	for len(x.waiting) > 0 {
		if x.session.clock.Now().Sub(x.began) >= x.deadline {
			return errors.Join(append(x.failed, x.late())...)
		}
		if err := x.session.clock.Sleep(ctx, restartPoll); err != nil {
			return errors.Join(append(x.failed, err)...)
		}
		if err := x.poll(ctx); err != nil {
			return errors.Join(append(x.failed, err)...)
		}
	}
	return errors.Join(x.failed...)
}

// poll reads the services that are waited for once.
func (x *restart) poll(ctx context.Context) error {
	found, err := x.services().Poll(ctx, x.waiting)
	if err != nil {
		return err
	}
	var rest []engine.Object
	for _, was := range x.waiting {
		i := slices.IndexFunc(found, func(o engine.Object) bool { return o.ID == was.ID })
		if i < 0 {
			x.fail(was, &engine.NotReadyError{Address: was.Address, ID: was.ID, Detail: "it no longer exists"})
			continue
		}
		now := found[i]
		switch now.State {
		case engine.StateReady:
			x.tell(engine.Done, now, nil)
		case engine.StateFailed, engine.StateDeleting:
			x.fail(now, &engine.NotReadyError{Address: now.Address, ID: now.ID, Detail: now.Detail})
		default:
			if now.Detail != was.Detail {
				x.tell(engine.Waiting, now, nil)
			}
			rest = append(rest, now)
		}
	}
	x.waiting = rest
	return nil
}

func (x *restart) late() error {
	err := &engine.TimeoutError{After: x.deadline}
	for _, o := range x.waiting {
		err.Waiting = append(err.Waiting, engine.Waited{Verb: engine.VerbUpdate, Title: o.Address.String(), Detail: o.Detail})
	}
	return err
}

func (x *restart) fail(o engine.Object, err error) {
	x.failed = append(x.failed, &engine.ActionError{Verb: engine.VerbUpdate, Address: o.Address, Type: o.Address.Type, ID: o.ID, Err: err})
	x.tell(engine.Failed, o, err)
}

func (x *restart) tell(kind engine.Kind, o engine.Object, err error) {
	now := x.session.clock.Now()
	e := engine.Event{
		Time: now, Kind: kind, Address: o.Address, Verb: engine.VerbUpdate, ID: o.ID, Detail: o.Detail,
		Elapsed: now.Sub(x.began), Err: err,
	}
	if err != nil {
		e.Detail = gate.Text(err)
	}
	x.session.progress(e)
}

// freeStack gives the lock back, also after an interrupt.
func freeStack(ctx context.Context, s *session, held *locks) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), state.Lease)
	defer cancel()
	held.noteAll(s.clock.Now(), false)
	return held.release(ctx, nil)
}

// diagnose finds out why services did not become healthy.
func (x *restart) diagnose(ctx context.Context, err error) []why.Answer {
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnosing)
	defer cancel()
	ill := unwell(nil, err)
	for _, o := range x.waiting {
		ill = append(ill, o.Address)
	}
	return x.session.project.diagnose(ctx, ill, func(engine.Address, why.Answer) bool { return true })
}
