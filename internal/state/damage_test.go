package state

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// damages are what a record may have become.
func damages() map[string][]byte {
	return map[string][]byte{
		"nothing":        {},
		"garbage":        []byte("\x01\xfe garbage"),
		"NUL bytes":      make([]byte, 300),
		"an array":       []byte(`[1, 2]`),
		"null":           []byte(`null`),
		"no schema":      []byte(`{}`),
		"a page":         []byte("<html><body>Access denied</body></html>"),
		"a half":         []byte(`{"schema": 1, "owner": "stack/shop-dev/shop", "gen`),
		"wrong types":    []byte(`{"schema": 1, "owner": "stack/shop-dev/shop", "holder": "ana", "services": 7}`),
		"another's":      []byte(`{"schema": 1, "owner": "stack/shop-dev/other"}`),
		"more than fits": bytes.Repeat([]byte(" "), maxObject+100),
	}
}

// TestADamagedLockCanBeMended puts each damage into the place of a lock record:
// every look says so and what to do, and that does it.
func TestADamagedLockCanBeMended(t *testing.T) {
	t.Parallel()
	for name, data := range damages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				old := take(t, locker(m, "a", true))
				if err := old.Release(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if _, err := m.Put(t.Context(), lockKey(stack), data, Condition{}); err != nil {
					t.Fatal(err)
				}
				l := locker(m, "b", true)
				var damaged *DamagedError
				if _, err := l.Observe(t.Context(), stack); !errors.As(err, &damaged) || !strings.Contains(damaged.Remedy(), "unlock --force") {
					t.Errorf("observe: %v, want the damage and what to do", err)
				}
				if _, err := l.Peek(t.Context(), stack); !errors.As(err, &damaged) {
					t.Errorf("peek: %v", err)
				}
				was, err := l.Break(t.Context(), stack)
				if err != nil || was.Damage == nil || was.Holder != nil {
					t.Fatalf("break: %+v, %v", was, err)
				}
				begin := time.Now()
				k := take(t, l)
				if waited := time.Since(begin); waited < Settle {
					t.Errorf("the next run waited %s, as if the last had ended well", waited)
				}
				if k.Generation() <= old.Generation() {
					t.Errorf("the new record repeats a generation: %d", k.Generation())
				}
				die(k)
			})
		})
	}
}

// TestANewerRecordStays leaves alone what a newer berth wrote, whatever else is
// in it.
func TestANewerRecordStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, newer := &memory{}, []byte(`{"schema": 2, "owner": 7, "holder": ["new"]}`)
		rel := releasePrefix(stack) + "1.json"
		for _, key := range []string{lockKey(stack), rel} {
			if _, err := m.Put(t.Context(), key, newer, Condition{}); err != nil {
				t.Fatal(err)
			}
		}
		l := locker(m, "a", true)
		_, observed := l.Observe(t.Context(), stack)
		_, peeked := l.Peek(t.Context(), stack)
		_, broken := l.Break(t.Context(), stack)
		_, _, read := Releases{m}.Latest(t.Context(), stack, 1)
		for name, err := range map[string]error{"observe": observed, "peek": peeked, "break": broken, "releases": read} {
			var e *NewerError
			if !errors.As(err, &e) || !strings.Contains(err.Error(), "a newer berth wrote") || e.Remedy() == "" {
				t.Errorf("%s: %v, want a newer berth's record", name, err)
			}
		}
		if got := m.objects[lockKey(stack)].data; !bytes.Equal(got, newer) {
			t.Errorf("the record is now %s", got)
		}
	})
}

// TestDamagedReleasesArePassedOver reads the releases that can be read.
func TestDamagedReleasesArePassedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		r := Releases{m}
		if err := r.Write(t.Context(), stack, Release{ID: "1", Source: "here"}); err != nil {
			t.Fatal(err)
		}
		bad := 0
		for name, data := range damages() {
			if bad == mostDamaged-1 {
				break
			}
			bad++
			if _, err := m.Put(t.Context(), fmt.Sprintf("%s2-%s.json", releasePrefix(stack), name), data, Condition{}); err != nil {
				t.Fatal(err)
			}
		}
		list, damaged, err := r.Latest(t.Context(), stack, 1)
		if err != nil || len(list) != 1 || list[0].Source != "here" || len(damaged) != bad {
			t.Errorf("read %v, %d damaged (of %d), %v", list, len(damaged), bad, err)
		}
	})
}

// TestALostLockSaysHow takes a lock away in each way there is.
func TestALostLockSaysHow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lose func(t *testing.T, m *memory)
		want string
	}{
		"deleted":  {func(_ *testing.T, m *memory) { m.drop(lockKey(stack)) }, "somebody deleted its record"},
		"released": {func(t *testing.T, m *memory) { t.Helper(); _, _ = locker(m, "b", true).Break(t.Context(), stack) }, "somebody released it"},
		"damaged": {func(t *testing.T, m *memory) {
			t.Helper()
			_, _ = m.Put(t.Context(), lockKey(stack), []byte("x"), Condition{})
		}, "is damaged"},
		"taken over": {func(t *testing.T, m *memory) { t.Helper(); overtake(t, m) }, "ben on b (process 9, down since"},
		"no store":   {func(_ *testing.T, m *memory) { m.fail(1000) }, "no route to host"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				k := take(t, locker(m, "a", true))
				tt.lose(t, m)
				time.Sleep(Lease)
				err := k.Guard()
				if err == nil || !strings.HasPrefix(err.Error(), "the lock of stack/shop-dev/shop was lost") || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%v, want a lost lock and %q", err, tt.want)
				}
				if engine.ClassOf(err) != engine.Terminal {
					t.Errorf("%v is of class %d: it would be tried again", err, engine.ClassOf(err))
				}
				die(k)
			})
		})
	}
}

// overtake writes another holder into the record.
func overtake(t *testing.T, m *memory) {
	t.Helper()
	rec := Record{Schema: schema, Owner: stack.String(), Holder: &Holder{Who: "ben", Host: "b", PID: 9, Nonce: "other", Doing: "down"}}
	data, err := encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Put(t.Context(), lockKey(stack), data, Condition{}); err != nil {
		t.Fatal(err)
	}
}
