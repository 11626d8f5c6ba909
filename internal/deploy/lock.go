package deploy

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// lock takes the locks of the owners that the plan changes. If another run held one
// in the meantime, it plans again and goes on only if the plan is the same.
func (p *Plan) lock(ctx context.Context) (*locks, *Plan, error) {
	const attempts = 3
	for range attempts {
		held, err := takeLocks(ctx, p)
		if err == nil {
			return held, p, nil
		}
		var conflict *state.ConflictError
		if !errors.As(err, &conflict) {
			return nil, p, fmt.Errorf("taking the lock: %w", err)
		}
		again, err := p.session.plan(ctx, p.Request)
		if err != nil {
			return nil, p, err
		}
		if err := again.CheckSource(); err != nil {
			return nil, p, err
		}
		if err := again.CheckSaved(p.Plan); err != nil {
			return nil, p, err
		}
		p = again
	}
	return nil, p, errors.New("taking the lock: other runs keep taking it first; try again")
}

// takeLocks takes the locks as they were seen before the plan was made. An
// environment of which nothing changes is not locked.
func takeLocks(ctx context.Context, p *Plan) (*locks, error) {
	s := p.session
	s.begin(StageLock)
	held := newLocks(s, p.seen)
	for _, a := range p.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			held.open[a.Owner()]++
		}
	}
	for _, o := range s.owners() {
		if o.IsEnvironment() && held.open[o] == 0 && !p.seen[o].Unclean {
			continue
		}
		seen := p.seen[o]
		seen.Record.Zones = p.notesBefore(seen.Record.Zones)
		p.stamp(&seen)
		if err := held.take(ctx, seen, p.Request.verb()); err != nil {
			return nil, errors.Join(err, held.putBack(context.WithoutCancel(ctx), p.seen))
		}
	}
	return held, nil
}

// locks are the locks that a run holds.
type locks struct {
	*session
	mu      sync.Mutex
	byOwner map[engine.Owner]*state.Lock
	open    map[engine.Owner]int
	early   sync.WaitGroup
	errs    []error
	recent  []recent
}

// newLocks returns the locks of a run, of which none is taken yet.
func newLocks(s *session, seen sighting) *locks {
	held := &locks{session: s, byOwner: map[engine.Owner]*state.Lock{}, open: map[engine.Owner]int{}}
	held.inherit(seen, s.clock.Now())
	return held
}

// take takes a lock as it was seen, for a verb.
func (h *locks) take(ctx context.Context, seen state.Seen, verb string) error {
	return concurrent.Safely(func() error {
		k, err := h.locker.Take(ctx, seen, verb)
		if err == nil {
			h.byOwner[seen.Owner] = k
			h.tell(Locked{h.clock.Now(), seen.Owner})
		}
		return err
	})
}

// begin sets the generation of a record that was lost although its owner has objects:
// AWS may still know the tokens of earlier ones, and no second of a clock is one of
// them.
func begin(seen *state.Seen, now time.Time) {
	if !seen.Exists {
		seen.Record.Generation = int(now.Unix())
	}
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

// done counts an action of an owner; the environment's lock is released after its last one.
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
	h.free(k, func() error { return k.Release(context.Background(), nil) })
}

// release frees all locks; mark goes into the stack's.
func (h *locks) release(ctx context.Context, mark *state.ReleaseMark) error {
	for _, k := range h.list() {
		m := mark
		if k.Owner().IsEnvironment() {
			m = nil
		}
		h.free(k, func() error { return k.Release(ctx, m) })
	}
	return h.freed()
}

// putBack frees the locks of a run that could not take all of them.
func (h *locks) putBack(ctx context.Context, seen sighting) error {
	for _, k := range h.list() {
		h.free(k, func() error { return k.PutBack(ctx, seen[k.Owner()]) })
	}
	return h.freed()
}

// free begins to free one lock.
func (h *locks) free(k *state.Lock, end func() error) {
	h.beside(func() error {
		err := end()
		if err == nil {
			h.tell(Unlocked{h.clock.Now(), k.Owner()})
		}
		return err
	})
}

// freed waits for the locks that are being freed.
func (h *locks) freed() error {
	h.early.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.errs...)
}

// beside runs an ending of the run in the background; release waits for it and
// returns its error.
func (h *locks) beside(f func() error) {
	h.early.Go(func() {
		if err := concurrent.Safely(f); err != nil {
			h.mu.Lock()
			h.errs = append(h.errs, err)
			h.mu.Unlock()
		}
	})
}
