package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnceSharesAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := Query{Memory: &Memory{}}
		var made atomic.Int32
		results := make(chan string)
		for range 5 {
			go func() {
				v, err := Once(q, "describe", func() (string, error) {
					made.Add(1)
					time.Sleep(time.Second)
					return "answer", nil
				})
				if err != nil {
					v = err.Error()
				}
				results <- v
			}()
		}
		for range 5 {
			if v := <-results; v != "answer" {
				t.Errorf("got %q", v)
			}
		}
		if made.Load() != 1 {
			t.Errorf("%d calls", made.Load())
		}
		failure := errors.New("denied")
		for range 2 {
			if _, err := Once(q, "other", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
				t.Errorf("error %v", err)
			}
		}
		if v, err := Once(Query{}, "describe", func() (int, error) { return 1, nil }); v != 1 || err != nil {
			t.Errorf("without a memory: %d, %v", v, err)
		}
	})
}

func TestWhatAMemoryKeeps(t *testing.T) {
	t.Parallel()
	one, other := &Memory{}, &Memory{}
	q := Query{Memory: one}
	if _, err := Once(q, "listed", func() (int, error) { return 7, nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := Once(q, "refused", func() (int, error) { return 8, errors.New("denied") }); err == nil {
		t.Error("a refusal became an answer")
	}
	Tell(one, "told", 1)
	Tell(one, "told", 2)
	Tell(nil, "told", 3)
	_, _ = one.claim("asked and not answered")
	for _, tt := range []struct {
		r    *Memory
		key  string
		want int
		ok   bool
	}{
		{one, "listed", 7, true}, {one, "told", 2, true}, {one, "refused", 0, false},
		{one, "asked and not answered", 0, false}, {one, "anything else", 0, false},
		{other, "told", 0, false}, {other, "listed", 0, false}, {nil, "told", 0, false},
	} {
		if got, ok := Recall[int](tt.r, tt.key); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %d, %v; want %d, %v", tt.key, got, ok, tt.want, tt.ok)
		}
	}
	if _, ok := Recall[string](one, "told"); ok {
		t.Error("a number was recalled as a text")
	}
}

// learner is a fake type whose List counts the existing objects, and whose
// Create records that count.
type learner struct {
	*kind
	recalled *[]string
}

func (l learner) List(ctx context.Context, q Query) ([]Object, error) {
	objects, err := l.kind.List(ctx, q)
	said, _ := Recall[string](q.Memory, "said")
	Tell(q.Memory, "listed", fmt.Sprint(said, " listed ", len(objects)))
	return objects, err
}

func (l learner) Create(ctx context.Context, w Desired[box]) (Object, error) {
	told, _ := Recall[string](w.Memory, "listed")
	l.cloud.mu.Lock()
	*l.recalled = append(*l.recalled, w.Address.Name+": "+told)
	l.cloud.mu.Unlock()
	return l.kind.Create(ctx, w)
}

// TestCreatesRecallTheReadingOfTheirRun: creates recall what their own run knew
// and read, not what another run with the same types has read since.
func TestCreatesRecallTheReadingOfTheirRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var recalled []string
		l := learner{&kind{spec: Spec{Name: "box"}}, &recalled}
		newCloud(t, l.kind)
		reg, err := NewRegistry(Erase(l))
		if err != nil {
			t.Fatal(err)
		}
		plan := func(name string) *Plan {
			g := NewGraph()
			g.Add(stackOwner, name, box{Kind: "box"})
			opts := ReadOptions{Tell: func(m *Memory) { Tell(m, "said", name) }}
			w, err := Read(t.Context(), reg, g, []Owner{stackOwner}, opts)
			if err != nil {
				t.Fatal(err)
			}
			p, err := MakePlan(g, w, reg, PlanOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		first, second := plan("a"), plan("b")
		for _, p := range []*Plan{first, second, plan("c")} {
			if _, err := (&Runner{}).Apply(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"a: a listed 0", "b: b listed 0", "c: c listed 0"}; !slices.Equal(recalled, want) {
			t.Errorf("recalled %q, want %q", recalled, want)
		}
	})
}
