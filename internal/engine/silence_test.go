package engine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestEveryWaitIsTold makes an action wait in every possible way, without
// progress from its type, and expects an event within ten seconds.
func TestEveryWaitIsTold(t *testing.T) {
	t.Parallel()
	hangs := func(verb string) func(context.Context, string) {
		return func(ctx context.Context, v string) {
			if v == verb {
				<-ctx.Done()
			}
		}
	}
	for name, tc := range map[string]struct {
		kind    kind
		destroy bool
		want    string
	}{
		"not ready":               {kind{spec: Spec{Name: "thing", ReadyIn: time.Hour}}, false, "until it is ready"},
		"not gone":                {kind{spec: Spec{Name: "thing", GoneIn: time.Hour}}, true, "going"},
		"a create without answer": {kind{spec: Spec{Name: "thing"}, hang: hangs("create")}, false, "the provider has not answered yet"},
		"a delete without answer": {kind{spec: Spec{Name: "thing"}, hang: hangs("delete")}, true, "the provider has not answered yet"},
		"a look without answer":   {kind{spec: Spec{Name: "thing", ReadyIn: time.Hour}, hang: hangs("look")}, false, "until it is ready"},
		"throttled": {kind{spec: Spec{Name: "thing"}, before: func(verb, _ string, _ int) error {
			if verb == "create" {
				return &fault{Throttled, "too many calls"}
			}
			return nil
		}}, false, "too many calls"},
		"not everywhere yet": {kind{spec: Spec{Name: "thing"}, before: func(verb, _ string, _ int) error {
			if verb == "create" {
				return &fault{NotYet, "no such role"}
			}
			return nil
		}}, false, "no such role"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := tc.kind
				_, reg := newCloud(t, &k)
				g := NewGraph()
				g.Add(envOwner, "a", box{Kind: "thing"})
				opts := PlanOptions{}
				if tc.destroy {
					hang := k.hang
					k.hang = nil
					up(t, reg, g, opts)
					k.hang, opts.Destroy = hang, []Owner{envOwner}
				}
				began := time.Now()
				told := time.Duration(-1)
				r := Runner{Timeout: 30 * time.Second, Emit: func(e Event) {
					if (e.Kind == Waiting || e.Kind == Retrying) && e.Detail == tc.want && told < 0 {
						told = time.Since(began)
					}
				}}
				_, err := r.Apply(t.Context(), planFor(t, reg, g, opts))
				var late *TimeoutError
				if !errors.As(err, &late) {
					t.Fatalf("error %v", err)
				}
				if told < 0 || told > 10*time.Second {
					t.Errorf("told after %v, want it within 10 s", told)
				}
			})
		})
	}
}
