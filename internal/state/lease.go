package state

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Lock is a lock that this process holds. It renews itself until it is
// released.
type Lock struct {
	locker *Locker
	owner  engine.Owner
	nonce  string

	// busy admits one writer at a time; a channel, because writing waits.
	busy chan struct{}

	mu      sync.Mutex // guards what follows, never held while writing
	record  Record
	version string
	renewed time.Time
	reason  error // why it was lost

	lost, stop, done chan struct{}
	once             sync.Once
}

// LeaseError says that the lock could not be kept: no mutating call may be
// made any more.
type LeaseError struct {
	Owner engine.Owner
	// Quiet is the time since the last renewal.
	Quiet time.Duration
	Err   error
}

func (e *LeaseError) Error() string {
	msg := fmt.Sprintf("the lock of %s was lost", e.Owner)
	if e.Quiet > 0 {
		msg += fmt.Sprintf(", not renewed for %s", e.Quiet.Round(time.Second))
	}
	if e.Err != nil {
		return msg + ": " + e.Err.Error()
	}
	return msg
}

// Class implements engine.Classified: whether the renewal succeeded or not, the
// call that waits for it must not be sent again.
func (e *LeaseError) Class() engine.Class { return engine.Terminal }

// Remedy is what the user can do.
func (e *LeaseError) Remedy() string {
	return "find out who has the lock now, then run the same command again: it goes on from here"
}

// Unwrap returns why the renewal failed.
func (e *LeaseError) Unwrap() error { return e.Err }

// Generation is the number that makes this run's idempotency tokens its own.
func (k *Lock) Generation() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.record.Generation
}

// Owner is the owner that the lock is for.
func (k *Lock) Owner() engine.Owner { return k.owner }

// Guard is an error as soon as mutating calls must stop. If a renewal is overdue,
// because the machine slept or was too busy, Guard renews first, which succeeds
// only if no other run has taken the lock over. Guard uses the wall clock's date,
// not its monotonic reading, which stands still while a laptop sleeps.
func (k *Lock) Guard() error {
	if k.isLost() {
		return &LeaseError{Owner: k.owner, Quiet: k.quiet(), Err: k.why()}
	}
	if k.quiet() <= Lease/2 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), CallTimeout)
	defer cancel()
	if err := k.write(ctx, Lease/2); err != nil {
		return &LeaseError{Owner: k.owner, Quiet: k.quiet(), Err: err}
	}
	return nil
}

// why is how the lock was lost.
func (k *Lock) why() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reason
}

// quiet is the time since the last renewal.
func (k *Lock) quiet() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.locker.Clock.Now().Round(0).Sub(k.renewed.Round(0))
}

func (k *Lock) isLost() bool {
	select {
	case <-k.lost:
		return true
	default:
		return false
	}
}

// Note says what the run changed within the last Settle, for Release to write
// down, and whether there may be more.
func (k *Lock) Note(changes []Change, unsettled bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.record.Changes, k.record.Unsettled = changes, unsettled
}

// NoteZones writes down which DNS zones hold records of the owner, with the
// next renewal or the release.
func (k *Lock) NoteZones(zones []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.record.Zones = zones
}

// Release frees the lock and counts the generation up. mark, if not nil, is
// recorded as the last release; an empty mark says that nothing is left, so that
// the stack belongs to no source. A lock that was lost is not touched.
func (k *Lock) Release(ctx context.Context, mark *ReleaseMark) error {
	return k.end(ctx, func(r *Record) {
		r.Generation++
		r.Holder = nil
		if mark == nil {
			return
		}
		r.LastRelease = mark
		if *mark == (ReleaseMark{}) {
			r.LastRelease, r.Source = nil, ""
			r.SourceAssumed, r.SourceLost = false, false
		}
	})
}

// PutBack frees the lock of a run that has done nothing, and leaves the record as it was
// when the lock was taken: whether a run died with it, what that run changed, and the
// generation, with which its tokens are found again.
func (k *Lock) PutBack(ctx context.Context, seen Seen) error {
	return k.end(ctx, func(r *Record) {
		was := seen.Record
		was.Schema, was.Owner = r.Schema, r.Owner
		if !seen.Exists {
			was.Generation = r.Generation
		}
		*r = was
	})
}

// end ends the lease with a last change of the record.
func (k *Lock) end(ctx context.Context, change func(*Record)) error {
	k.once.Do(func() { close(k.stop) })
	<-k.done
	if k.isLost() {
		return &LeaseError{Owner: k.owner, Err: k.why()}
	}
	k.mu.Lock()
	change(&k.record)
	k.mu.Unlock()
	return k.write(ctx, 0)
}

// renewing renews until the lock is released or lost. A failed renewal is
// tried again every second: the guard stops the run when it takes too long.
func (k *Lock) renewing(ctx context.Context) {
	defer close(k.done)
	ctx, cancel := context.WithCancel(ctx)
	go func() { <-k.stop; cancel() }()
	pause := RenewEvery
	for {
		if k.locker.Clock.Sleep(ctx, pause) != nil {
			return
		}
		err := concurrent.Safely(func() error { return k.write(ctx, 0) })
		var conflict *ConflictError
		switch {
		case err == nil:
			pause = RenewEvery
		case errors.As(err, &conflict):
			k.mu.Lock()
			k.reason = err
			k.mu.Unlock()
			close(k.lost)
			return
		default:
			pause = time.Second
		}
	}
}

// write puts the record under the condition that it is still the one that was
// written last, unless that was within a time. After a conflict it looks whether the record is its own: then
// the answer of an earlier write got lost.
func (k *Lock) write(ctx context.Context, unlessWithin time.Duration) error {
	k.busy <- struct{}{}
	defer func() { <-k.busy }()
	if k.quiet() < unlessWithin {
		return nil // somebody else in this process has just done it
	}
	now := k.locker.Clock.Now()
	k.mu.Lock()
	rec, version := k.record, k.version
	if rec.Holder != nil && rec.Holder.Nonce == k.nonce {
		h := *rec.Holder
		h.Renewed = now
		rec.Holder = &h
	}
	k.mu.Unlock()
	data, err := encode(rec)
	if err != nil {
		return err
	}
	cond := Condition{Version: version, Absent: version == ""}
	next, err := k.locker.Store.Put(ctx, lockKey(k.owner), data, cond)
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		next, err = k.reclaim(ctx, rec, err)
	}
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.version, k.renewed = next, now
	k.mu.Unlock()
	return nil
}

func (k *Lock) reclaim(ctx context.Context, rec Record, conflict error) (string, error) {
	s, err := k.locker.look(ctx, k.owner)
	if err != nil {
		// Whose the record is, nobody knows yet: it is no conflict, and is tried again.
		return "", fmt.Errorf("looking who wrote it: %w", err)
	}
	if !s.Exists {
		return "", fmt.Errorf("somebody deleted its record: %w", conflict)
	}
	mine, theirs := rec.Holder, s.Record.Holder
	switch {
	case theirs == nil && mine == nil && s.Record.Generation == rec.Generation:
		return s.version, nil // our release got through
	case theirs == nil:
		return "", fmt.Errorf("somebody released it: %w", conflict)
	case mine != nil && mine.Nonce != k.nonce && theirs.Nonce == mine.Nonce:
		return s.version, nil // what we put back got through
	case theirs.Nonce != k.nonce:
		return "", fmt.Errorf("%s took it over: %w", theirs, conflict)
	case mine != nil && mine.Renewed.Equal(theirs.Renewed):
		return s.version, nil // our renewal got through
	}
	// An earlier renewal of ours got through unnoticed: write over it.
	data, err := encode(rec)
	if err != nil {
		return "", err
	}
	return k.locker.Store.Put(ctx, lockKey(k.owner), data, Condition{Version: s.version})
}
