package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/engine/memory"
)

// learner is a fake type whose List counts the existing objects, and whose
// Create records that count.
type learner struct {
	*kind
	recalled *[]string
}

func (l learner) List(ctx context.Context, q Query) ([]Object, error) {
	objects, err := l.kind.List(ctx, q)
	said, _ := memory.Recall[string](q.Memory, "said")
	memory.Tell(q.Memory, "listed", fmt.Sprint(said, " listed ", len(objects)))
	return objects, err
}

func (l learner) Create(ctx context.Context, w Desired[box]) (Object, error) {
	told, _ := memory.Recall[string](w.Memory, "listed")
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
			opts := ReadOptions{Tell: func(m *memory.Memory) { memory.Tell(m, "said", name) }}
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
