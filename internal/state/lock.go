package state

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// The lease of a lock. A holder renews every RenewEvery; it sends no mutating
// call once its last renewal is older than half a Lease; a successor of a
// silent holder waits for a Lease and CallTimeout, the longest that one of the
// holder's calls can still be on its way.
const (
	Lease       = 30 * time.Second
	RenewEvery  = 10 * time.Second
	CallTimeout = 10 * time.Second
	// Settle is how long after the last renewal of a lock that was not released
	// the first listing has to wait: until then AWS may not show everything
	// that the dead run made.
	Settle = 15 * time.Second
)

// Locker takes the locks of one process.
type Locker struct {
	Store Store
	Clock clock.Clock
	// Me is who takes the locks; Nonce, Since, Renewed and Doing are filled in.
	Me Holder
	// Alive says whether a process of this host and boot still runs.
	Alive func(pid int) bool
	// Nonce returns a new unique string.
	Nonce func() string

	mu sync.Mutex
	// told are the ends of runs that were reported: if several locks wait for the
	// same run side by side, it is reported once.
	told map[string]bool
}

// Seen is the observed state of a lock. The lock is later taken only if no other
// run has written its record since.
type Seen struct {
	Owner   engine.Owner
	Record  Record
	version string
	// Exists says whether there is a record at all: if not, no run of berth has
	// ever changed this owner.
	Exists bool
	// Unclean says that the last run died with the lock.
	Unclean bool
	// quiet is how long ago the record was written.
	quiet time.Duration
}

// HeldError says that another run holds the lock.
type HeldError struct {
	Owner  engine.Owner
	Holder Holder
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s is locked by %s", e.Owner, e.Holder)
}

// Remedy is what the user can do.
func (e *HeldError) Remedy() string {
	return "wait until that run has ended; if its process is gone, the next run takes the lock over 40 s after its last renewal"
}

// Observe reads an owner's lock. If somebody holds it, it finds out whether that
// run is alive: one that renews gives a *HeldError, one whose process is gone or
// that stays silent for Lease and CallTimeout is reported as Unclean. Before
// Observe returns an unclean lock, Settle has passed since its last renewal, as it
// has after a run that failed. TellWaits reports why it waits.
func (l *Locker) Observe(ctx context.Context, o engine.Owner) (Seen, error) {
	s, err := l.look(ctx, o)
	if err != nil {
		return s, err
	}
	if s.Record.Holder == nil {
		if s.Record.Unsettled {
			err = l.settle(ctx, s, "failed")
		}
		return s, err
	}
	h := *s.Record.Holder
	here := h.Host == l.Me.Host && h.Boot == l.Me.Boot
	switch alive := here && l.Alive(h.PID); {
	case alive && s.quiet <= Lease/2:
		return s, &HeldError{Owner: o, Holder: h}
	case here && !alive: // taken over at once
	default: // another host, or a process id that another process has now
		if err := l.outwait(ctx, &s); err != nil {
			return s, err
		}
	}
	s.Unclean = s.Record.Holder != nil
	if s.Unclean {
		err = l.settle(ctx, s, fmt.Sprintf("(%s) died", h))
	}
	return s, err
}

// settle waits until AWS shows everything that the last run made.
func (l *Locker) settle(ctx context.Context, s Seen, how string) error {
	rest := Settle - s.quiet
	if rest <= 0 {
		return nil
	}
	if l.first(how) {
		l.say(ctx, "the last run %s; waiting %s until AWS shows everything that it made", how, rest.Round(time.Second))
	}
	return l.Clock.Sleep(ctx, rest)
}

// first says whether the end of this run has not been reported yet.
func (l *Locker) first(how string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told[how] {
		return false
	}
	if l.told == nil {
		l.told = map[string]bool{}
	}
	l.told[how] = true
	return true
}

// Peek reads an owner's lock for a caller that changes nothing: it never waits, and
// a held lock is not an error.
func (l *Locker) Peek(ctx context.Context, o engine.Owner) (Seen, error) { return l.look(ctx, o) }

// outwait watches the record of a holder on another host until it is renewed,
// released, or silent for too long. Both the time that it has watched and the
// record's age count, because the clock that dated the record may be ahead.
func (l *Locker) outwait(ctx context.Context, s *Seen) error {
	const silence = Lease + CallTimeout
	first, base, begin := s.version, s.quiet, l.Clock.Now()
	for s.quiet < silence {
		l.say(ctx, "%s is locked by %s; checking whether that run is alive", s.Owner, s.Record.Holder)
		if err := l.Clock.Sleep(ctx, min(silence-s.quiet, RenewEvery/4)); err != nil {
			return err
		}
		next, err := l.look(ctx, s.Owner)
		if err != nil {
			return err
		}
		*s = next
		if s.Record.Holder == nil {
			return nil
		}
		if s.version != first {
			return &HeldError{Owner: s.Owner, Holder: *s.Record.Holder}
		}
		s.quiet = max(s.quiet, base+l.Clock.Now().Sub(begin))
	}
	return nil
}

func (l *Locker) look(ctx context.Context, o engine.Owner) (Seen, error) {
	obj, err := l.Store.Get(ctx, lockKey(o))
	var missing *MissingError
	if errors.As(err, &missing) {
		return Seen{Owner: o}, nil
	}
	if err != nil {
		return Seen{}, err
	}
	s := Seen{Owner: o, version: obj.Version, Exists: true, quiet: max(obj.Age, 0)}
	if err := decode(obj.Data, &s.Record, lockKey(o)); err != nil {
		return s, err
	}
	if s.Record.Owner != o.String() {
		return s, &DamagedError{lockKey(o), fmt.Errorf("it is the record of %q", s.Record.Owner)}
	}
	return s, nil
}

// Take takes the lock that Observe saw. If another run has written the record
// since, the error is a *ConflictError: observe and plan again.
func (l *Locker) Take(ctx context.Context, s Seen, doing string) (*Lock, error) {
	me := l.Me
	me.Nonce, me.Doing, me.Since = l.Nonce(), doing, l.Clock.Now()
	rec := s.Record
	rec.Schema, rec.Owner, rec.Holder = schema, s.Owner.String(), &me
	rec.Changes, rec.Unsettled = nil, false
	k := &Lock{
		locker: l, owner: s.Owner, nonce: me.Nonce, record: rec, version: s.version,
		busy: make(chan struct{}, 1),
		lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{}),
	}
	if err := k.write(ctx, 0); err != nil {
		return nil, err
	}
	go k.renewing(context.WithoutCancel(ctx))
	return k, nil
}

// Broken is what Break has ended; the zero value is a lock that was free.
type Broken struct {
	// Holder had the lock.
	Holder *Holder
	// Damage was wrong with the record.
	Damage *DamagedError
}

// Break releases a lock even if a run holds it, and replaces a damaged record. The
// next Observe finds it free, so the caller must be sure that the holder is gone. A
// newer berth's record stays: that is a *NewerError.
func (l *Locker) Break(ctx context.Context, o engine.Owner) (Broken, error) {
	s, err := l.look(ctx, o)
	var was Broken
	if errors.As(err, &was.Damage) {
		// The earlier generations are lost. The present second is higher than all
		// of them, so AWS has seen no token with it.
		s.Record = Record{
			Schema: schema, Owner: o.String(), Generation: int(l.Clock.Now().Unix()), SourceLost: !o.IsEnvironment(),
		}
	} else if err != nil || s.Record.Holder == nil {
		return Broken{}, err
	}
	was.Holder = s.Record.Holder
	s.Record.Holder, s.Record.Unsettled = nil, true
	data, err := encode(s.Record)
	if err != nil {
		return Broken{}, err
	}
	_, err = l.Store.Put(ctx, lockKey(o), data, Condition{Version: s.version})
	return was, err
}

func (l *Locker) say(ctx context.Context, format string, args ...any) {
	waits(ctx, fmt.Sprintf(format, args...))
}
