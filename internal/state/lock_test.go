package state

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

var stack = engine.Owner{Environment: "shop-dev", Project: "shop"}

func locker(s Store, host string, alive bool) *Locker {
	n := 0
	return &Locker{
		Store: s, Clock: clock.Wall{}, Me: Holder{Who: "ana", Host: host, PID: 7},
		Alive: func(int) bool { return alive },
		Nonce: func() string { n++; return fmt.Sprintf("%s-%d", host, n) },
	}
}

func take(t *testing.T, l *Locker) *Lock {
	t.Helper()
	s, err := l.Observe(t.Context(), stack)
	if err != nil {
		t.Fatalf("observe: %v", err)
	}
	k, err := l.Take(t.Context(), s, "up")
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	return k
}

// die ends a lock's renewing without releasing it, as kill -9 does.
func die(k *Lock) {
	k.once.Do(func() { close(k.stop) })
	<-k.done
}

func TestALivingHolderIsNamed(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"same", "other"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				k := take(t, locker(m, "same", true))
				begin := time.Now()
				_, err := locker(m, host, true).Observe(t.Context(), stack)
				var held *HeldError
				if !errors.As(err, &held) || held.Holder.Who != "ana" || held.Holder.Host != "same" {
					t.Fatalf("want the holder ana on same, got %v", err)
				}
				if waited := time.Since(begin); waited > RenewEvery+RenewEvery/4 {
					t.Errorf("it took %s to see that the holder lives", waited)
				}
				if err := k.Release(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				next := take(t, locker(m, host, true))
				if next.Generation() != 1 {
					t.Error("a release must count the generation up")
				}
				die(next)
			})
		})
	}
}

func TestADeadHolderIsTakenOverFrom(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		host string
		quiet,
		wantAtLeast, wantAtMost time.Duration
	}{
		"same host, just now":       {"first", 0, Settle, Settle},
		"same host, long ago":       {"first", time.Hour, 0, 0},
		"other host, just now":      {"second", 0, Lease + CallTimeout, 45 * time.Second},
		"other host, after a while": {"second", 20 * time.Second, 20 * time.Second, 25 * time.Second},
		"other host, long ago":      {"second", time.Hour, 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				die(take(t, locker(m, "first", true)))
				time.Sleep(tt.quiet)
				begin := time.Now()
				l := locker(m, tt.host, false)
				s, err := l.Observe(t.Context(), stack)
				if err != nil {
					t.Fatal(err)
				}
				if !s.Unclean {
					t.Error("the lock was left uncleanly")
				}
				if w := time.Since(begin); w < tt.wantAtLeast || w > tt.wantAtMost {
					t.Errorf("waited %s, want %s to %s", w, tt.wantAtLeast, tt.wantAtMost)
				}
				k, err := l.Take(t.Context(), s, "up")
				if err != nil {
					t.Fatal(err)
				}
				if k.Generation() != 0 {
					t.Error("a run that died must not change the generation: its tokens must be found again")
				}
				die(k)
			})
		})
	}
}

// TestWhatIsPutBackIsAsItWas: a run that takes a lock and does nothing hides neither that
// the one before died, nor what it changed, nor the generation of its tokens.
func TestWhatIsPutBackIsAsItWas(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T, m *memory){
		"nothing": func(*testing.T, *memory) {},
		"a run that ended": func(t *testing.T, m *memory) {
			if err := take(t, locker(m, "first", true)).Release(t.Context(), &ReleaseMark{ID: "one"}); err != nil {
				t.Fatal(err)
			}
		},
		"a run with more changes than it knows": func(t *testing.T, m *memory) {
			k := take(t, locker(m, "first", true))
			k.Note([]Change{{Type: "ec2.elastic-ip", ID: "eipalloc-1", New: true}}, true)
			if err := k.Release(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		},
		"a run that died": func(t *testing.T, m *memory) { die(take(t, locker(m, "first", true))) },
	}
	for name, before := range tests {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, answer lost %t", name, lost), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					m := &memory{}
					before(t, m)
					putBack(t, m, lost)
				})
			})
		}
	}
}

// putBack takes a lock an hour later and puts it back.
func putBack(t *testing.T, m *memory, lost bool) {
	t.Helper()
	time.Sleep(time.Hour)
	l := locker(m, "second", false)
	was, err := l.Observe(t.Context(), stack)
	if err != nil {
		t.Fatal(err)
	}
	k, err := l.Take(t.Context(), was, "up")
	if err != nil {
		t.Fatal(err)
	}
	m.loseNext = lost
	if err := k.PutBack(t.Context(), was); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
	is, err := l.Observe(t.Context(), stack)
	if err != nil {
		t.Fatal(err)
	}
	was.Record.Schema, was.Record.Owner = is.Record.Schema, is.Record.Owner // a new one has both
	now, err := encode(is.Record)
	before, beforeErr := encode(was.Record)
	if err := errors.Join(err, beforeErr); err != nil {
		t.Fatal(err)
	}
	if is.Unclean != was.Unclean || !bytes.Equal(now, before) {
		t.Errorf("unclean %t, record %s; want %t, %s", is.Unclean, now, was.Unclean, before)
	}
}

// TestTheEndOfARunIsToldOnce: a run holds the locks of its environment and of
// its stack, and both are looked at side by side.
func TestTheEndOfARunIsToldOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, owners := &memory{}, []engine.Owner{stack, {Environment: stack.Environment}}
		dead := locker(m, "first", true)
		for _, o := range owners {
			s, err := dead.Observe(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			k, err := dead.Take(t.Context(), s, "up")
			if err != nil {
				t.Fatal(err)
			}
			die(k)
		}
		var mu sync.Mutex
		var told []string
		l := locker(m, "first", false)
		ctx := TellWaits(t.Context(), func(reason string) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, reason)
		})
		var group sync.WaitGroup
		for _, o := range owners {
			group.Go(func() {
				if s, err := l.Observe(ctx, o); err != nil || !s.Unclean {
					t.Errorf("%s: %+v, %v", o, s, err)
				}
			})
		}
		group.Wait()
		if len(told) != 1 || !strings.Contains(told[0], "died; waiting 15s") {
			t.Errorf("told %q", told)
		}
	})
}

func TestARecordFromTheFutureIsOutwaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		die(take(t, locker(m, "first", true)))
		for key, o := range m.objects { // dated by a clock that is a year ahead
			o.at = o.at.AddDate(1, 0, 0)
			m.objects[key] = o
		}
		begin := time.Now()
		s, err := locker(m, "second", true).Observe(t.Context(), stack)
		if err != nil || !s.Unclean {
			t.Fatalf("unclean %v, error %v; want the dead holder's lock", s.Unclean, err)
		}
		if waited := time.Since(begin); waited < Lease+CallTimeout || waited > 45*time.Second {
			t.Errorf("waited %s, want a lease and a call's time", waited)
		}
	})
}

func TestOnlyOneOfTwoTakesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		a, b := locker(m, "a", true), locker(m, "b", true)
		sa, _ := a.Observe(t.Context(), stack)
		sb, _ := b.Observe(t.Context(), stack)
		k, err := a.Take(t.Context(), sa, "up")
		if err != nil {
			t.Fatal(err)
		}
		var conflict *ConflictError
		if _, err := b.Take(t.Context(), sb, "up"); !errors.As(err, &conflict) {
			t.Fatalf("want a conflict, got %v", err)
		}
		if err := k.Release(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Take(t.Context(), sb, "up"); !errors.As(err, &conflict) {
			t.Fatalf("a run that began and ended in between must be noticed, got %v", err)
		}
	})
}

func TestALostAnswerIsNotAConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{loseNext: true}
		k := take(t, locker(m, "a", true))
		m.mu.Lock()
		m.loseNext = true
		m.mu.Unlock()
		time.Sleep(3 * RenewEvery)
		if err := k.Guard(); err != nil {
			t.Errorf("guard: %v", err)
		}
		m.mu.Lock()
		m.loseNext = true
		m.mu.Unlock()
		if err := k.Release(t.Context(), nil); err != nil {
			t.Errorf("release: %v", err)
		}
	})
}

func TestGuardStopsWhenTheLeaseIsOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		k := take(t, locker(m, "a", true))
		time.Sleep(25 * time.Second)
		if err := k.Guard(); err != nil {
			t.Fatalf("a renewed lease: %v", err)
		}
		m.mu.Lock()
		m.failNext = 40
		m.mu.Unlock()
		time.Sleep(Lease)
		var lease *LeaseError
		if err := k.Guard(); !errors.As(err, &lease) {
			t.Fatalf("want a LeaseError, got %v", err)
		}
		time.Sleep(Lease)
		if err := k.Guard(); err != nil {
			t.Errorf("the store is back and the lock still ours: %v", err)
		}
		die(k)
	})
}

func TestATakenOverLockIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		k := take(t, locker(m, "a", true))
		if was, err := locker(m, "b", true).Break(t.Context(), stack); err != nil || was.Holder == nil || was.Holder.Host != "a" {
			t.Fatalf("break: %v, %v", was, err)
		}
		time.Sleep(2 * RenewEvery)
		if err := k.Guard(); err == nil {
			t.Error("the guard must stop the run")
		}
		var lease *LeaseError
		if err := k.Release(t.Context(), nil); !errors.As(err, &lease) {
			t.Errorf("release of a lost lock: %v", err)
		}
	})
}

func TestPeekWaitsForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		k := take(t, locker(m, "a", true))
		begin := time.Now()
		s, err := locker(m, "b", true).Peek(t.Context(), stack)
		if err != nil || s.Record.Holder == nil || s.Record.Holder.Host != "a" {
			t.Errorf("peek: %+v, %v", s.Record.Holder, err)
		}
		if waited := time.Since(begin); waited > 0 {
			t.Errorf("peek waited %v", waited)
		}
		die(k)
	})
}
