package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// gauge is a fake type whose changes of size leave an interim state.
type gauge struct{ *kind }

func (gauge) Finishes(_ Object, changed []string) bool { return slices.Contains(changed, "size") }

func (g gauge) Finish(ctx context.Context, w Desired[box], before Object) (Object, error) {
	return g.end(ctx, "finish", w.Address, before)
}

func (g gauge) Revert(ctx context.Context, w Desired[box], before Object) (Object, error) {
	return g.end(ctx, "revert", w.Address, before)
}

func (g gauge) end(ctx context.Context, verb string, a Address, before Object) (Object, error) {
	if _, err := g.enter(ctx, verb, a.Name); err != nil {
		return Object{}, err
	}
	g.cloud.mu.Lock()
	defer g.cloud.mu.Unlock()
	g.cloud.history = append(g.cloud.history, verb+" "+a.String())
	return before, nil
}

func TestAnUpdateIsFinishedOrReverted(t *testing.T) {
	t.Parallel()
	const rolls = 40 * time.Second
	for name, tc := range map[string]struct {
		broken string // why the dependent never gets ready
		stop   time.Duration
		leaves bool // the second run leaves the dependent unchanged
		denied int  // how many calls of revert fail
		want   []string
	}{
		"the dependent gets ready": {want: []string{"update check", "update user", "finish check"}},
		"the dependent fails":      {broken: "it crashes", want: []string{"update check", "update user", "revert check"}},
		"reverting is throttled":   {broken: "it crashes", denied: 3, want: []string{"update check", "update user", "revert check"}},
		"the run is cut off":       {stop: 10 * time.Second, want: []string{"update check", "update user"}},
		"no dependent changes":     {leaves: true, want: []string{"update check", "finish check"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				check := &kind{spec: Spec{Name: "check"}}
				user := &kind{spec: Spec{Name: "user", ReadyIn: rolls}}
				c, _ := newCloud(t, check, user)
				reg, err := NewRegistry(Erase(gauge{check}), Erase(pollingKind{user}))
				if err != nil {
					t.Fatal(err)
				}
				check.before = func(verb, _ string, n int) error {
					if verb == "revert" && n <= tc.denied {
						return &fault{Throttled, "slow down"}
					}
					return nil
				}
				wish := func(size, quality string) *Graph {
					g := NewGraph()
					node := g.Add(stackOwner, "c", box{Kind: "check", Size: size})
					g.Add(stackOwner, "u", box{Kind: "user", Uses: []Ref{node.ID()}, Size: quality})
					return g
				}
				up(t, reg, wish("old", "old"), PlanOptions{})
				before := len(c.past())
				user.broken = tc.broken
				quality := "new"
				if tc.leaves {
					quality = "old"
				}
				began := time.Now()
				_, err = (&Runner{Timeout: tc.stop, Grace: 1}).Apply(t.Context(), planFor(t, reg, wish("new", quality), PlanOptions{}))
				if failed := tc.broken != "" || tc.stop > 0; (err != nil) != failed {
					t.Errorf("error %v", err)
				}
				if _, isTimeout := errors.AsType[*TimeoutError](err); isTimeout != (tc.stop > 0) {
					t.Errorf("error %v", err)
				}
				var want []string
				for _, w := range tc.want {
					verb, kind, _ := strings.Cut(w, " ")
					want = append(want, verb+" "+at(stackOwner, kind, kind[:1]).String())
				}
				if got := c.past()[before:]; !slices.Equal(got, want) {
					t.Errorf("calls %q, want %q", got, want)
				}
				if !tc.leaves && tc.broken == "" && tc.stop == 0 && time.Since(began) < rolls {
					t.Errorf("finished after %v, before the dependent was ready", time.Since(began))
				}
			})
		})
	}
}
