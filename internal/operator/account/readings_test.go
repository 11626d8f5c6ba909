package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
)

// thing is a resource that is found by its name.
type thing struct {
	Name string `attr:"name"`
}

func (thing) Type() string { return "test.thing" }

// things finds every name, and takes some time for it.
type things struct {
	mu    sync.Mutex
	calls [][]string
	fail  func(names []string) error
}

func (*things) Spec() engine.Spec { return engine.Spec{Name: thing{}.Type()} }

func (*things) List(context.Context, engine.Query) ([]engine.Object, error) { return nil, nil }

func (*things) Create(context.Context, engine.Desired[thing]) (engine.Object, error) {
	return engine.Object{}, nil
}

func (*things) Update(context.Context, engine.Desired[thing], engine.Object, []string) (engine.Object, error) {
	return engine.Object{}, nil
}

func (*things) Delete(context.Context, engine.Object) error { return nil }

func (f *things) Find(_ context.Context, q engine.Query) ([]engine.Object, error) {
	var names []string
	var objects []engine.Object
	for _, w := range q.Wanted {
		name := w.Resource.(thing).Name
		names = append(names, name)
		objects = append(objects, engine.Object{ID: name})
	}
	f.mu.Lock()
	f.calls = append(f.calls, names)
	f.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	if f.fail != nil {
		if err := f.fail(names); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// asked are the names of all calls so far.
func (f *things) asked() [][]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

func newReadings(t *testing.T) (*account.Readings, *things) {
	t.Helper()
	f := &things{}
	reg, err := engine.NewRegistry(engine.Erase[thing](f))
	if err != nil {
		t.Fatal(err)
	}
	return account.NewReadings(reg, clock.Wall{}), f
}

func want(name string) []engine.Wanted {
	return []engine.Wanted{{Address: engine.Address{Type: "test.thing", Name: name}, Resource: thing{Name: name}}}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, f := newReadings(t)
		read := func(from, to int, since time.Time) {
			t.Helper()
			var wg sync.WaitGroup
			for i := from; i < to; i++ {
				wg.Go(func() {
					name := fmt.Sprint(i)
					got := r.Read(t.Context(), name, want(name), since)
					if got.Err != nil || len(got.Lives) != 1 || got.Lives[0].ID != name {
						t.Errorf("%s: %+v", name, got)
					}
				})
			}
			wg.Wait()
		}
		read(0, 250, time.Now())
		if len(f.asked()) != 3 {
			t.Fatalf("%d calls for 250 objects at once, want 3", len(f.asked()))
		}
		// All are due in a minute, and the reading may be half a minute old.
		due := time.Now().Add(time.Minute)
		for i := range 250 {
			r.Expect(fmt.Sprint(i), due.Add(time.Duration(i)*time.Millisecond), 30*time.Second)
		}
		time.Sleep(time.Minute)
		read(0, 1, due.Add(-30*time.Second))
		if n := len(f.asked()[3]); n != 100 || len(f.asked()) != 4 {
			t.Errorf("one that is due takes in %d objects, in %d calls", n, len(f.asked())-3)
		}
		read(1, 100, due.Add(-30*time.Second))
		if len(f.asked()) != 4 {
			t.Error("what was read beforehand is read again")
		}
		read(1, 2, time.Now())
		if len(f.asked()) != 5 {
			t.Error("a fresh reading was asked for, and none was made")
		}
		r.Forget("1")
	})
}

// TestJoining: who comes while its object is being read for others waits for
// that reading, unless it needs a later one.
func TestJoining(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, f := newReadings(t)
		for _, name := range []string{"a", "b", "c"} {
			r.Read(t.Context(), name, want(name), time.Now())
			r.Expect(name, time.Now().Add(time.Minute), 30*time.Second)
		}
		before := len(f.asked())
		time.Sleep(time.Minute)
		since := time.Now().Add(-time.Second)
		var wg sync.WaitGroup
		read := func(name string, since time.Time) {
			wg.Go(func() {
				if got := r.Read(t.Context(), name, want(name), since); got.Err != nil || got.At.Before(since) {
					t.Errorf("%s: %+v", name, got)
				}
			})
		}
		read("a", since)
		time.Sleep(20 * time.Millisecond) // a is being read, and b and c with it
		read("b", since)
		time.Sleep(time.Millisecond)
		if len(f.asked()) != before+1 {
			t.Fatalf("%d calls", len(f.asked())-before)
		}
		read("c", time.Now())
		wg.Wait()
		if n := len(f.asked()) - before; n != 2 || len(f.asked()[before+1]) != 1 {
			t.Errorf("%d calls, the last for %v", n, f.asked()[len(f.asked())-1])
		}
	})
}

// deniedError is AWS's refusal.
type deniedError struct{}

func (deniedError) Error() string       { return "denied" }
func (deniedError) Class() engine.Class { return engine.Denied }

// TestDenied: a caller who may read nothing does not ask for every object.
func TestDenied(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		denied func(name string) bool
		calls  int
	}{
		"all": {func(string) bool { return true }, 5},
		"one": {func(name string) bool { return name == "7" }, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, f := newReadings(t)
				f.fail = func(names []string) error {
					if slices.ContainsFunc(names, tt.denied) {
						return deniedError{}
					}
					return nil
				}
				var wg sync.WaitGroup
				for i := range 90 {
					wg.Go(func() {
						name := fmt.Sprint(i)
						if got := r.Read(t.Context(), name, want(name), time.Now()); (got.Err != nil) != tt.denied(name) {
							t.Errorf("%s: %v", name, got.Err)
						}
					})
				}
				wg.Wait()
				if len(f.asked()) > tt.calls {
					t.Errorf("%d calls, want at most %d", len(f.asked()), tt.calls)
				}
			})
		})
	}
}

// TestOneSpoilsNot the answers for the others.
func TestOneSpoilsNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, f := newReadings(t)
		f.fail = func(names []string) error {
			if strings.Contains(" "+strings.Join(names, " ")+" ", " 7 ") {
				return &gate.Error{Service: "test", Operation: "Find", Code: "Bad"}
			}
			return nil
		}
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				name := fmt.Sprint(i)
				if got := r.Read(t.Context(), name, want(name), time.Now()); (got.Err != nil) != (i == 7) {
					t.Errorf("%s: %v", name, got.Err)
				}
			})
		}
		wg.Wait()
		if len(f.asked()) > 14 {
			t.Errorf("%d calls", len(f.asked()))
		}
	})
}
