package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDependentsWaitUntilANewObjectIsOfUse(t *testing.T) {
	t.Parallel()
	const readyIn, settleIn = 30 * time.Second, 90 * time.Second
	for name, tc := range map[string]struct {
		// before stops the first run after a time; then is what the second run
		// knows about the object.
		before time.Duration
		then   func(Object) bool
		want   time.Duration
		plan   string
		says   time.Duration
	}{
		"new":                    {0, nil, readyIn + settleIn, "create target/a; create box/user", readyIn + settleIn},
		"found pending":          {10 * time.Second, nil, readyIn - 10*time.Second + settleIn, "wait target/a; create box/user", readyIn + settleIn},
		"found ready, and new":   {40 * time.Second, func(Object) bool { return true }, settleIn, "wait target/a; create box/user", settleIn},
		"found ready, and older": {40 * time.Second, func(Object) bool { return false }, 0, "create box/user", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, reg := newCloud(t,
					&kind{spec: Spec{Name: "target", ReadyIn: readyIn, SettleIn: settleIn, Settling: "its name spreads"}},
					&kind{spec: Spec{Name: "box"}})
				g := NewGraph()
				target := g.Add(envOwner, "a", box{Kind: "target"})
				if tc.before > 0 {
					if _, err := (&Runner{Timeout: tc.before, Grace: 1}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{})); err == nil {
						t.Fatal("the first run was not cut off")
					}
				}
				g.Add(stackOwner, "user", box{Kind: "box"}).After(target, Ready)
				plan := planFor(t, reg, g, PlanOptions{Settling: tc.then})
				if got := brief(plan); got != tc.plan {
					t.Errorf("plan %q, want %q", got, tc.plan)
				}
				if plan.Estimate != tc.says {
					t.Errorf("estimate %v, want %v", plan.Estimate, tc.says)
				}
				var said []string
				r := Runner{Emit: func(e Event) { said = append(said, e.Detail) }}
				began := time.Now()
				if _, err := r.Apply(t.Context(), plan); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took < tc.want || took > tc.want+time.Second {
					t.Errorf("took %v, want %v", took, tc.want)
				}
				if told := slices.Contains(said, "its name spreads"); told != (tc.want >= settleIn) {
					t.Errorf("told: %q", said)
				}
			})
		})
	}
}

func TestWhatHasDoneNothingIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		idle  bool
		fails int
		made  int
		want  string
		took  time.Duration
	}{
		"it works the second time": {true, 1, 2, "", 10*time.Second + 5*time.Second + 10*time.Second},
		"it works the third time":  {true, 2, 3, "", 3*10*time.Second + 25*time.Second},
		"it never works":           {true, 9, 3, "no image", 3*10*time.Second + 25*time.Second},
		"it has done something":    {false, 1, 1, "no image", 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := &kind{spec: Spec{Name: "job", ReadyIn: 10 * time.Second, Identity: Token}, broken: "no image", idle: tc.idle}
				made := map[string]bool{}
				k.after = func(verb, _ string, n int) error {
					if verb == "create" {
						for _, th := range k.cloud.things {
							made[th.token] = true
						}
						if n > tc.fails {
							k.broken = ""
						}
					}
					return nil
				}
				_, reg := newCloud(t, k, &kind{spec: Spec{Name: "box"}})
				g := NewGraph()
				job := g.Add(stackOwner, "migrate", box{Kind: "job"})
				g.Add(stackOwner, "user", box{Kind: "box"}).After(job, Ready)
				var said []string
				r := Runner{Emit: func(e Event) {
					if e.Kind == Retrying {
						said = append(said, e.Detail)
					}
				}}
				began := time.Now()
				_, err := r.Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
				var bad *NotReadyError
				if tc.want == "" && err != nil || tc.want != "" && (!errors.As(err, &bad) || bad.Detail != tc.want) {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if len(made) != tc.made {
					t.Errorf("made %d with tokens of their own, want %d", len(made), tc.made)
				}
				if len(said) != tc.made-1 {
					t.Errorf("said %q", said)
				}
				for _, s := range said {
					if !strings.Contains(s, "no image") || !strings.Contains(s, "tried again in") {
						t.Errorf("said %q", s)
					}
				}
			})
		})
	}
}
