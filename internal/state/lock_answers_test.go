package state

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// brittle panics in the next so many Puts.
type brittle struct {
	*memory
	panics atomic.Int32
}

func (b *brittle) Put(ctx context.Context, key string, data []byte, cond Condition) (string, error) {
	if b.panics.Add(-1) >= 0 {
		panic("no such member")
	}
	return b.memory.Put(ctx, key, data, cond)
}

// TestAPanicInARenewalIsAFailedOne: it does not end the process, and the
// renewal is tried again.
func TestAPanicInARenewalIsAFailedOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &brittle{memory: &memory{}}
		k := take(t, locker(b, "a", true))
		b.panics.Store(3)
		time.Sleep(RenewEvery + 5*time.Second)
		if left := b.panics.Load(); left >= 0 {
			t.Errorf("%d panics are to come: it was not renewed again", left)
		}
		if err := k.Guard(); err != nil {
			t.Error(err)
		}
		if err := k.Release(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
}

// mute loses the answers of the next so many Puts, and answers the next so many Gets with an
// error.
type mute struct {
	*memory
	puts, gets atomic.Int32
}

func (m *mute) Put(ctx context.Context, key string, data []byte, cond Condition) (string, error) {
	version, err := m.memory.Put(ctx, key, data, cond)
	if err == nil && m.puts.Add(-1) >= 0 {
		return "", errors.New("no answer")
	}
	return version, err
}

func (m *mute) Get(ctx context.Context, key string) (Object, error) {
	if m.gets.Add(-1) >= 0 {
		return Object{}, errors.New("no answer")
	}
	return m.memory.Get(ctx, key)
}

// TestAConflictThatCannotBeLookedAtIsNoLoss: the answer of a renewal is lost, the next one
// meets its record, and reading that fails, too. Nobody has taken the lock over.
func TestAConflictThatCannotBeLookedAtIsNoLoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &mute{memory: &memory{}}
		k := take(t, locker(m, "a", true))
		m.puts.Store(1)
		m.gets.Store(2)
		time.Sleep(RenewEvery + 5*time.Second)
		if left := m.gets.Load(); left >= 0 {
			t.Errorf("%d failures are to come: the record was not looked at again", left)
		}
		if err := k.Guard(); err != nil {
			t.Error(err)
		}
		if err := k.Release(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
}
