package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// builds is a type whose objects take minutes to make, in the call itself.
type builds struct{ *kind }

func (b builds) Create(ctx context.Context, w Desired[box]) (Object, error) {
	Progress(ctx, "step 1")
	select {
	case <-Stopping(ctx):
		return Object{}, errors.New("given up")
	case <-time.After(10 * time.Minute):
		return b.kind.Create(ctx, w)
	}
}

func TestALongCallTellsAndGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		long := &kind{spec: Spec{Name: "image"}}
		newCloud(t, long)
		reg, err := NewRegistry(Erase[box](builds{long}))
		if err != nil {
			t.Fatal(err)
		}
		g := NewGraph()
		g.Add(stackOwner, "web", box{Kind: "image"})
		plan := planFor(t, reg, g, PlanOptions{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var told []string
		began := time.Now()
		_, err = (&Runner{Emit: func(e Event) {
			if e.Kind == Waiting {
				told = append(told, e.Address.Name+": "+e.Detail)
			}
		}}).Apply(ctx, plan)
		if err == nil || time.Since(began) != time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		if !slices.Equal(told, []string{"web: step 1"}) {
			t.Errorf("told %q", told)
		}
	})
	// Outside a run, Progress does nothing and Stopping never closes.
	Progress(t.Context(), "nothing")
	if Stopping(t.Context()) != nil {
		t.Error("a call outside of a run is to stop")
	}
}
