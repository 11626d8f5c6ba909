package run

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
)

// Outcome is what a run did.
type Outcome struct {
	Result *engine.Result
	// Release is the record that was written; nil for a teardown and when
	// nothing had to be done.
	Release *state.Release
	// Names are the records that now hold other addresses of tasks.
	Names []hosts.Change
	// Elapsed is the time from the lock to its release.
	Elapsed time.Duration
}

// Execute takes the locks, applies the plan and writes the release. It makes
// no call at all when there is nothing to do. If another run came in between,
// it plans again and goes on only when the plan is the same; otherwise the
// error is an *engine.MovedError.
func (s *Session) Execute(ctx context.Context, p *Prepared) (*Outcome, error) {
	if err := s.CheckSource(p); err != nil {
		return nil, err
	}
	if p.Plan.Empty() && !p.unclean() && !p.changesHands() {
		out := &Outcome{Result: &engine.Result{Lives: s.Objects(p)}}
		var err error
		if !p.Request.Down {
			out.Names, err = s.Hosts().Sync(ctx)
		}
		return out, err
	}
	if !p.Request.Down && len(s.App.Placeholders) > 0 {
		return nil, &PlaceholderError{Placeholders: s.App.Placeholders}
	}
	ctx = state.TellWaits(ctx, s.Waits)
	if err := s.checkQuotas(ctx, p); err != nil {
		return nil, err
	}
	begin := s.Clock.Now()
	held, p, err := s.lock(ctx, p)
	if err != nil {
		return nil, err
	}
	runner := &engine.Runner{
		Clock: s.Clock, Workers: s.Workers, Timeout: p.Request.Timeout, Text: gate.Text,
		Generation: held.generation, Emit: s.watching(held, p),
	}
	out := &Outcome{Result: &engine.Result{Lives: map[engine.Address]engine.Object{}}}
	runErr := engine.Safely(func() error { return s.apply(gate.WithGuard(ctx, held.guard), runner, p, out) })
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), state.Lease)
	defer cancel()
	if !p.Request.Down {
		runErr = errors.Join(runErr, engine.Safely(func() error {
			out.Release = s.release(closing, begin, out.Result, runErr)
			out.Release.SourceAssumed = s.assumes(p)
			return nil
		}))
	}
	if out.Release != nil {
		held.beside(func() error { return s.Releases.Write(closing, s.Stack(), *out.Release) })
	}
	var mark *state.ReleaseMark
	runErr = errors.Join(runErr, engine.Safely(func() error {
		if runErr == nil {
			s.noteZones(held, p, out.Result)
		}
		held.noteAll(s.Clock.Now(), runErr != nil && !Unhealthy(runErr))
		mark = s.mark(p, out, runErr)
		return nil
	}))
	err = errors.Join(runErr, held.release(closing, mark))
	out.Elapsed = s.Clock.Now().Sub(begin)
	return out, err
}

// apply carries the plan out and notes in out what came of it.
func (s *Session) apply(ctx context.Context, runner *engine.Runner, p *Prepared, out *Outcome) error {
	result, err := runner.Apply(ctx, p.Plan)
	out.Result = result
	if err == nil && !p.Request.Down {
		out.Names, err = s.Hosts().Sync(ctx)
	}
	return err
}

// lock takes the locks of the owners that the plan changes.
func (s *Session) lock(ctx context.Context, p *Prepared) (*locks, *Prepared, error) {
	const attempts = 3
	for range attempts {
		held, err := s.take(ctx, p)
		if err == nil {
			return held, p, nil
		}
		var conflict *state.ConflictError
		if !errors.As(err, &conflict) {
			return nil, p, fmt.Errorf("taking the lock: %w", err)
		}
		again, err := s.Prepare(ctx, p.Request)
		if err != nil {
			return nil, p, err
		}
		if err := s.CheckSource(again); err != nil {
			return nil, p, err
		}
		if err := again.Plan.CheckSaved(p.Plan); err != nil {
			return nil, p, err
		}
		p = again
	}
	return nil, p, errors.New("taking the lock: other runs keep coming in between; try again")
}

func (s *Session) take(ctx context.Context, p *Prepared) (*locks, error) {
	held := &locks{byOwner: map[engine.Owner]*state.Lock{}, open: map[engine.Owner]int{}, settles: s.settles}
	held.inherit(p, s.Clock.Now())
	for _, a := range p.Plan.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			held.open[a.Owner()]++
		}
	}
	for _, o := range s.owners() {
		if o.IsEnvironment() && held.open[o] == 0 && !p.Seen[o].Unclean {
			continue
		}
		seen := p.Seen[o]
		seen.Record.Zones = s.notesBefore(p, seen.Record.Zones)
		s.stamp(p, &seen)
		k, err := s.Locker.Take(ctx, seen, p.Request.verb())
		if err != nil {
			return nil, errors.Join(err, held.release(context.WithoutCancel(ctx), nil))
		}
		held.byOwner[o] = k
	}
	return held, nil
}

// watching passes events on and releases the environment's lock as soon as
// nothing of the environment is left to do.
func (s *Session) watching(held *locks, p *Prepared) func(engine.Event) {
	return func(e engine.Event) {
		if s.Emit != nil {
			s.Emit(e)
		}
		held.changed(e)
		if e.Kind == engine.Done && !e.Address.IsZero() && !p.Request.Down {
			held.done(e.Address.Owner, e.Time)
		}
	}
}

// settles says whether objects of a type are not of use when they are ready.
func (s *Session) settles(name string) bool {
	typ, ok := s.Registry.Lookup(name)
	return ok && typ.Spec().SettleIn > 0
}

// Objects are the objects at the addresses of the graph, for a run that has
// nothing to do.
func (s *Session) Objects(p *Prepared) map[engine.Address]engine.Object {
	objects := map[engine.Address]engine.Object{}
	for _, n := range p.Graph.Nodes() {
		if l, ok := p.World.Object(n.Address); ok {
			objects[n.Address] = l
		}
	}
	return objects
}

// locks are the locks that a run holds.
type locks struct {
	mu      sync.Mutex
	byOwner map[engine.Owner]*state.Lock
	open    map[engine.Owner]int
	early   sync.WaitGroup
	errs    []error
	recent  []recent
	// settles says whether objects of a type are not of use when they are ready.
	settles func(typ string) bool
}

// guard is the first lost lease.
func (h *locks) guard() error {
	for _, k := range h.list() {
		if err := k.Guard(); err != nil {
			return err
		}
	}
	return nil
}

func (h *locks) list() []*state.Lock {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*state.Lock
	for _, k := range h.byOwner {
		out = append(out, k)
	}
	return out
}

func (h *locks) generation(o engine.Owner) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if k, ok := h.byOwner[o]; ok {
		return strconv.Itoa(k.Generation())
	}
	return ""
}

// done counts an action of an owner; the environment's lock goes with its
// last one.
func (h *locks) done(o engine.Owner, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[o]--
	k, ok := h.byOwner[o]
	if !ok || !o.IsEnvironment() || h.open[o] > 0 {
		return
	}
	delete(h.byOwner, o)
	h.note(k, now, false)
	h.beside(func() error { return k.Release(context.Background(), nil) })
}

// release frees all locks; mark goes into the stack's.
func (h *locks) release(ctx context.Context, mark *state.ReleaseMark) error {
	for _, k := range h.list() {
		m := mark
		if k.Owner().IsEnvironment() {
			m = nil
		}
		h.beside(func() error { return k.Release(ctx, m) })
	}
	h.early.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.errs...)
}

// beside runs what ends a run beside whatever else goes on; release waits for
// it and returns its error.
func (h *locks) beside(f func() error) {
	h.early.Go(func() {
		if err := engine.Safely(f); err != nil {
			h.mu.Lock()
			h.errs = append(h.errs, err)
			h.mu.Unlock()
		}
	})
}

// Deadline is how long the run may take, and why: what was asked for, or what
// the plan's slowest step makes of it. why is empty for the usual time.
func (p *Prepared) Deadline() (d time.Duration, why string) {
	if p.Request.Timeout > 0 {
		return p.Request.Timeout, "--timeout"
	}
	return p.Plan.Deadline()
}
