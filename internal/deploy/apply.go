package deploy

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
)

// Outcome is what Apply did.
type Outcome struct {
	Result *engine.Result
	// Release is the record that was written; nil for a teardown and when
	// nothing had to be done.
	Release *state.Release
	// Names are the records that now hold other addresses of tasks.
	Names []hosts.Change
	// URLs are where the public reaches the services now. Plain are the hosts
	// among them that have no TLS yet, because AWS has not issued their
	// certificate: the next run sees it and switches them to HTTPS.
	URLs  []blueprint.URL
	Plain []string
	// Reach says of the URLs what they lack.
	Reach []Reach
	// Elapsed is the time from the lock to its release.
	Elapsed time.Duration
}

// OtherProjectError says that the plan passed to Apply was made by another Project.
type OtherProjectError struct{}

func (*OtherProjectError) Error() string { return "the plan was made by another project" }

// Apply takes the locks, carries the plan out and writes the release down. It makes
// no call when there is nothing to do. If another run took the locks in the
// meantime, it plans again and goes on only when the plan is the same; otherwise
// the error is an *engine.MovedError. The outcome is nil if nothing was begun; it
// comes with the error if something failed (see Failures).
func (p *Project) Apply(ctx context.Context, plan *Plan, observe Observer) (*Outcome, error) {
	if plan.session == nil || plan.session.project != p {
		return nil, &OtherProjectError{}
	}
	plan = plan.observedBy(observe)
	ctx = state.TellWaits(ctx, plan.session.waits)
	if err := plan.CheckSource(); err != nil {
		return nil, err
	}
	if err := plan.CheckEnvironment(); err != nil {
		return nil, err
	}
	if plan.idle() {
		return plan.rest(ctx)
	}
	if !plan.Request.Down && len(p.Source.App.Placeholders) > 0 {
		return nil, &PlaceholderError{Placeholders: p.Source.App.Placeholders}
	}
	if err := plan.checkQuotas(ctx); err != nil {
		return nil, err
	}
	begun := p.Target.Clock.Now()
	held, plan, err := plan.lock(ctx)
	if err != nil {
		return nil, err
	}
	x := &execution{Plan: plan, held: held, begun: begun}
	err = x.record(ctx, x.carryOut(ctx))
	x.out.Elapsed = p.Target.Clock.Now().Sub(begun)
	plan.reached(ctx, x.out, err != nil)
	return x.out, err
}

// observedBy returns a copy of the plan that reports to another observer.
func (p *Plan) observedBy(observe Observer) *Plan {
	out := *p
	out.session = p.session.observedBy(observe)
	return &out
}

// rest does what remains for a plan with nothing to do.
func (p *Plan) rest(ctx context.Context) (*Outcome, error) {
	out := &Outcome{Result: &engine.Result{Objects: p.Objects()}}
	var err error
	if !p.Request.Down {
		out.Names, err = p.session.hosts().Sync(ctx)
	}
	p.reached(ctx, out, err != nil)
	return out, err
}

// execution is a plan that is carried out under its locks.
type execution struct {
	*Plan
	held  *locks
	begun time.Time
	// out is what came of it; it is there once carryOut has begun.
	out *Outcome
}

// carryOut executes the plan.
func (x *execution) carryOut(ctx context.Context) error {
	s := x.session
	ctx = gate.WithGuard(ctx, x.held.guard)
	deadline, _ := x.Deadline()
	runner := &engine.Runner{
		Provider: "AWS",
		Clock:    s.clock, Workers: s.project.Target.Workers, Timeout: deadline, Text: gate.Text,
		Generation: x.held.generation, Emit: x.emit,
	}
	x.out = &Outcome{Result: &engine.Result{Objects: map[engine.Address]engine.Object{}}}
	return concurrent.Safely(func() error {
		s.begin(StageApply)
		if err := x.stopOneOffs(ctx); err != nil {
			return err
		}
		result, err := runner.Apply(ctx, x.Plan.Plan)
		x.out.Result = result
		if err == nil && !x.Request.Down {
			x.out.Names, err = s.hosts().Sync(ctx)
		}
		return err
	})
}

// emit passes an event on, and frees the environment's lock as soon as nothing
// of the environment is left to do.
func (x *execution) emit(e engine.Event) {
	x.session.progress(e)
	x.held.changed(e)
	if e.Kind == engine.Done && !e.Address.IsZero() && !x.Request.Down {
		x.held.done(e.Address.Owner, e.Time)
	}
}
