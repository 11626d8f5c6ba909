package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/why"
)

// restartDeadline is how long a restart may take unless the user says otherwise, as
// a deployment may.
const restartDeadline = 15 * time.Minute

// restartPoll is how often the deployments are polled.
const restartPoll = 3 * time.Second

// Work is a change of the tasks of services.
type Work struct {
	// Word is the word for it in the lock.
	Word string
	// Timeout bounds the wait; 0 is 15 minutes, and as long as the traffic of a service
	// moves. Observe may be nil.
	Timeout time.Duration
	Observe Observer
	// Change is made for each service, whose place in Names it receives.
	Change func(ctx context.Context, i int, o engine.Object) (engine.Object, error)
	// Before, if not nil, does what comes first, under the lock.
	Before func(ctx context.Context) error
	// Record, if not nil, writes down how it ended, and returns what the lock's record
	// keeps of it. It is also called after an interrupt, with a context of its own.
	Record func(ctx context.Context, end End) (*state.ReleaseMark, error)
}

// End is how a Work ended.
type End struct {
	Began time.Time
	// Who is the caller's ARN, Source the source of the files.
	Who, Source string
	// Outcome is one of state's, Err why it is not state.Succeeded.
	Outcome, Err string
	// Services are the services as they were seen last.
	Services []engine.Object
}

// Only are the Restarts of the services for which keep returns true.
func (r *Restarts) Only(keep func(name string) bool) *Restarts {
	out := *r
	out.Names, out.objects = nil, nil
	for i, name := range r.Names {
		if keep(name) {
			out.Names, out.objects = append(out.Names, name), append(out.objects, r.objects[i])
		}
	}
	return &out
}

// rollout is how long the traffic of the slowest of the services moves.
func (r *Restarts) rollout() time.Duration {
	var out time.Duration
	for _, name := range r.Names {
		if s, ok := r.session.app.Service(name); ok {
			out = max(out, s.Rollout.Takes())
		}
	}
	return out
}

// Each is Restart with another call for each service.
func (r *Restarts) Each(ctx context.Context, w Work) ([]why.Answer, error) {
	s := r.session.observedBy(w.Observe)
	if w.Timeout <= 0 {
		w.Timeout = restartDeadline + r.rollout()
	}
	held, err := lockStack(ctx, s, r.seen, w.Word)
	if err != nil {
		return nil, err
	}
	x := &restart{Restarts: r, Work: w, session: s, began: s.clock.Now(), latest: slices.Clone(r.objects)}
	err = concurrent.Safely(func() error { return x.run(gate.WithGuard(ctx, held.guard)) })
	err = x.end(ctx, held, err)
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
	Work
	session *session
	began   time.Time
	waiting []engine.Object
	failed  []error
	// latest are the services as they were seen last, in the order of Names.
	latest []engine.Object
}

func (x *restart) run(ctx context.Context) error {
	x.session.begin(StageApply)
	if x.Before != nil {
		if err := x.Before(ctx); err != nil {
			return err
		}
	}
	for i, o := range x.objects {
		x.tell(engine.Started, o, nil)
		now, err := x.once(ctx, func() (engine.Object, error) { return x.Change(ctx, i, o) })
		if err != nil {
			x.fail(o, err)
			continue
		}
		x.tell(engine.Made, now, nil)
		x.see(now)
		x.waiting = append(x.waiting, now)
	}
	for len(x.waiting) > 0 {
		if x.session.clock.Now().Sub(x.began) >= x.Timeout {
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

// mostUnseen is how often a change is tried for which AWS does not see yet what was made
// a moment ago.
const mostUnseen = 10

// once makes a change once AWS sees what it needs.
func (x *restart) once(ctx context.Context, change func() (engine.Object, error)) (engine.Object, error) {
	for tries := 1; ; tries++ {
		now, err := change()
		if err == nil || engine.ClassOf(err) != engine.NotYet || tries == mostUnseen {
			return now, err
		}
		if x.session.clock.Sleep(ctx, restartPoll) != nil {
			return now, err
		}
	}
}

// see keeps a service as it is now.
func (x *restart) see(now engine.Object) {
	for i := range x.latest {
		if x.latest[i].ID == now.ID {
			x.latest[i] = now
		}
	}
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
		x.see(now)
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
	err := &engine.TimeoutError{After: x.Timeout}
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

// end writes down how it ended, and frees the lock.
func (x *restart) end(ctx context.Context, held *locks, err error) error {
	var mark *state.ReleaseMark
	if x.Record != nil {
		err = errors.Join(err, concurrent.Safely(func() (recordErr error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), state.Lease)
			defer cancel()
			end := End{Began: x.began, Who: x.session.id.ARN, Source: x.session.app.Source.String(), Services: x.latest}
			end.Outcome, end.Err = outcomeOf(err)
			mark, recordErr = x.Record(ctx, end)
			return recordErr
		}))
	}
	return errors.Join(err, freeStack(ctx, x.session, held, x.seen, mark))
}

// freeStack gives the lock back, also after an interrupt. What an earlier run left, as it
// was seen, stays known to the next run of up or down. mark is that of a release; nil if
// there was none.
func freeStack(ctx context.Context, s *session, held *locks, all sighting, mark *state.ReleaseMark) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), state.Lease)
	defer cancel()
	held.noteAll(s.clock.Now(), all.died()[s.stack()])
	return held.release(ctx, mark)
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
