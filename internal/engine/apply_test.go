package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMakespanIsLongestChain(t *testing.T) {
	t.Parallel()
	build := func(serial bool) *Graph {
		g := NewGraph()
		vpc := g.Add(envOwner, "main", box{Kind: "vpc"})
		nat := g.Add(envOwner, "nat", box{Kind: "nat", Home: vpc.ID()})
		lb := g.Add(envOwner, "lb", box{Kind: "lb", Home: vpc.ID()})
		rule := g.Add(stackOwner, "rule", box{Kind: "rule", Home: lb.ID()})
		g.Add(stackOwner, "web", box{Kind: "service", Uses: []Ref{nat.ID().WhenReady(), rule.ID()}})
		g.Add(stackOwner, "api", box{Kind: "service"}).After(lb, Ready)
		if serial {
			lb.After(nat, Ready)
		}
		return g
	}
	for name, tc := range map[string]struct {
		serial bool
		want   time.Duration
	}{
		"side by side": {false, (120 + 35) * time.Second},
		"serialised":   {true, (86 + 120 + 35) * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, reg := newCloud(t,
					&kind{spec: Spec{Name: "vpc"}},
					&kind{spec: Spec{Name: "nat", ReadyIn: 86 * time.Second}},
					&kind{spec: Spec{Name: "lb", ReadyIn: 120 * time.Second}},
					&kind{spec: Spec{Name: "rule"}},
					&kind{spec: Spec{Name: "service", ReadyIn: 35 * time.Second}})
				g := build(tc.serial)
				plan := planFor(t, reg, g, PlanOptions{})
				if plan.Estimate != tc.want {
					t.Errorf("estimate %v, want %v", plan.Estimate, tc.want)
				}
				if _, took := up(t, reg, g, PlanOptions{}); took != tc.want {
					t.Errorf("took %v, want %v", took, tc.want)
				}
				if p := planFor(t, reg, g, PlanOptions{}); !p.Empty() || p.Unchanged != 6 {
					t.Errorf("second plan is not empty: %s", p)
				}
			})
		})
	}
}

func TestLongestRemainingTimeGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t,
			&kind{spec: Spec{Name: "quick"}, latency: time.Second},
			&kind{spec: Spec{Name: "slow", ReadyIn: 60 * time.Second}, latency: time.Second})
		g := NewGraph()
		g.Add(envOwner, "a", box{Kind: "quick"})
		root := g.Add(envOwner, "root", box{Kind: "quick"})
		g.Add(envOwner, "b", box{Kind: "quick"})
		g.Add(envOwner, "s", box{Kind: "slow", Home: root.ID()})
		plan := planFor(t, reg, g, PlanOptions{})
		if _, err := (&Runner{Workers: 1}).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		want := []string{"create quick/root", "create slow/s", "create quick/a", "create quick/b"}
		if got := c.past(); !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
	})
}

func TestFirstFailureStopsNewWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t,
			&kind{spec: Spec{Name: "bad"}, latency: time.Second, before: func(verb, name string, n int) error {
				if verb == "create" {
					return &fault{Denied, "not allowed"}
				}
				return nil
			}},
			&kind{spec: Spec{Name: "slow"}, latency: 3 * time.Second},
			&kind{spec: Spec{Name: "long", ReadyIn: time.Minute}},
			&kind{spec: Spec{Name: "next"}})
		g := NewGraph()
		g.Add(envOwner, "bad", box{Kind: "bad"})
		slow := g.Add(envOwner, "slow", box{Kind: "slow"})
		g.Add(envOwner, "long", box{Kind: "long"})
		g.Add(envOwner, "next", box{Kind: "next", Home: slow.ID()})
		plan := planFor(t, reg, g, PlanOptions{})
		began := time.Now()
		var kinds []string
		r := Runner{Emit: func(e Event) { kinds = append(kinds, string(e.Kind)+" "+e.Address.Name) }}
		res, err := r.Apply(t.Context(), plan)
		var failed *ActionError
		if !errors.As(err, &failed) || failed.Address.Name != "bad" || ClassOf(err) != Denied {
			t.Errorf("error %v", err)
		}
		if took := time.Since(began); took != 6*time.Second {
			t.Errorf("took %v, want one second and the grace of five", took)
		}
		got := map[string]Status{}
		for _, o := range res.Outcomes {
			got[o.Action.Address.Name] = o.Status
		}
		want := map[string]Status{"bad": StatusFailed, "slow": StatusDone, "long": StatusStopped, "next": StatusSkipped}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("outcomes %v, want %v", got, want)
		}
		if c.count("next") != 0 {
			t.Error("work began after the failure")
		}
		for _, want := range []string{"failed bad", "done slow", "made long", "stopped long", "skipped next"} {
			if !slices.Contains(kinds, want) {
				t.Errorf("no event %q in %v", want, kinds)
			}
		}
	})
}

func TestAllFailuresAreReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t, &kind{spec: Spec{Name: "bad"}, latency: time.Second,
			before: func(verb, name string, n int) error {
				if verb != "create" {
					return nil
				}
				return errors.New("no " + name)
			}})
		g := NewGraph()
		g.Add(envOwner, "a", box{Kind: "bad"})
		g.Add(envOwner, "b", box{Kind: "bad"})
		res, err := (&Runner{}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
		if err == nil || !strings.Contains(err.Error(), "no a") || !strings.Contains(err.Error(), "no b") {
			t.Errorf("error %v", err)
		}
		if len(res.With(StatusFailed)) != 2 {
			t.Errorf("outcomes %v", res.Outcomes)
		}
	})
}

func TestFailedReadiness(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t, &kind{spec: Spec{Name: "service", ReadyIn: 20 * time.Second}, broken: "tasks failed to start"})
		g := NewGraph()
		g.Add(stackOwner, "web", box{Kind: "service"})
		res, err := (&Runner{}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
		var bad *NotReadyError
		if !errors.As(err, &bad) || bad.Detail != "tasks failed to start" {
			t.Fatalf("error %v", err)
		}
		if l := res.Objects[at(stackOwner, "service", "web")]; l.ID == "" || l.State != StateFailed {
			t.Errorf("the object is not in the result: %+v", l)
		}
		p := planFor(t, reg, g, PlanOptions{})
		if brief(p) != "update service/web" || p.Actions[0].Reasons[0].String() != "failed: tasks failed to start" {
			t.Errorf("next plan: %s", p)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t,
			&kind{spec: Spec{Name: "call"}, latency: 4 * time.Second},
			&kind{spec: Spec{Name: "long", ReadyIn: time.Minute}})
		g := NewGraph()
		call := g.Add(envOwner, "call", box{Kind: "call"})
		g.Add(envOwner, "long", box{Kind: "long"})
		g.Add(envOwner, "after", box{Kind: "call", Home: call.ID()})
		plan := planFor(t, reg, g, PlanOptions{})
		why := errors.New("the user pressed Ctrl-C")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(2*time.Second, func() { cancel(why) })
		began := time.Now()
		res, err := (&Runner{}).Apply(ctx, plan)
		if !errors.Is(err, why) {
			t.Errorf("error %v", err)
		}
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("took %v, want the end of the call in flight", took)
		}
		if n := len(res.With(StatusDone)); n != 1 {
			t.Errorf("%d done, want the call in flight", n)
		}
		if n := len(res.With(StatusSkipped)); n != 1 {
			t.Errorf("%d skipped, want 1", n)
		}
	})
}

func TestCancelCutsHangingCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t, &kind{spec: Spec{Name: "call"}, latency: time.Hour})
		g := NewGraph()
		g.Add(envOwner, "call", box{Kind: "call"})
		w := NewObserved(envOwner)
		plan, err := MakePlan(g, w, reg, PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if res, err := (&Runner{}).Apply(ctx, plan); !errors.Is(err, context.Canceled) || len(res.With(StatusSkipped)) != 1 {
			t.Errorf("cancelled before: %v, %v", res, err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		res, err := (&Runner{}).Apply(ctx, plan)
		if !errors.Is(err, context.DeadlineExceeded) || len(res.With(StatusStopped)) != 1 {
			t.Errorf("cancelled within: %v, %v", res, err)
		}
		if took := time.Since(began); took != time.Second+callsAfterStop {
			t.Errorf("took %v", took)
		}
	})
}

func TestDeadlineNamesWhatItWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t, &kind{spec: Spec{Name: "service", ReadyIn: time.Hour}, detail: "0 of 2 tasks running"})
		g := NewGraph()
		g.Add(stackOwner, "web", box{Kind: "service"})
		_, err := (&Runner{Timeout: 10 * time.Minute}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
		var late *TimeoutError
		if !errors.As(err, &late) || late.After != 10*time.Minute {
			t.Fatalf("error %v", err)
		}
		want := "not complete after 10m0s: still waiting for create service/web (0 of 2 tasks running)"
		if late.Error() != want {
			t.Errorf("text %q, want %q", late, want)
		}
	})
}

func TestReplaceOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t,
			&kind{spec: Spec{Name: "group"}},
			&kind{spec: Spec{Name: "service", ReadyIn: 10 * time.Second}})
		build := func(shape string) *Graph {
			g := NewGraph()
			sg := g.Add(envOwner, "sg", box{Kind: "group", Shape: shape})
			g.Add(stackOwner, "web", box{Kind: "service", Uses: []Ref{sg.ID()}})
			return g
		}
		up(t, reg, build("round"), PlanOptions{})
		p := planFor(t, reg, build("square"), PlanOptions{})
		if got := brief(p); got != "replace group/sg; update service/web" {
			t.Errorf("plan: %s", got)
		}
		if why := p.Actions[1].Reasons[0]; why != (Reason{Attr: "uses", Cause: Cause{Kind: CauseFollows, Of: "group/sg"}}) {
			t.Errorf("reason %+v", why)
		}
		res, _ := up(t, reg, build("square"), PlanOptions{})
		want := []string{"create group/sg", "create service/web", "create group/sg", "update service/web", "delete group-000001"}
		if got := c.past(); !slices.Equal(got, want) {
			t.Errorf("order %v, want %v", got, want)
		}
		if id := res.Objects[at(envOwner, "group", "sg")].ID; id != "group-000003" {
			t.Errorf("the result has %s", id)
		}
		if p := planFor(t, reg, build("square"), PlanOptions{}); !p.Empty() {
			t.Errorf("second plan: %s", p)
		}
	})
}

func TestReplacementMustNotBeTheOldObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "group", Identity: Token}}
		c, reg := newCloud(t, k)
		g := NewGraph()
		n := g.Add(envOwner, "sg", box{Kind: "group", Shape: "round"})
		up(t, reg, g, PlanOptions{})
		n.Resource = box{Kind: "group", Shape: "square"}
		plan := planFor(t, reg, g, PlanOptions{})
		// The type treats the object of the name as its own, as after a crash.
		k.before = func(verb, name string, _ int) error {
			for _, th := range c.things {
				th.token = tokenFor(plan.Actions[0], AttrsOf(n.Resource), "")
			}
			return nil
		}
		_, err := (&Runner{}).Apply(t.Context(), plan)
		if err == nil || !strings.Contains(err.Error(), "needs another name") || c.count("group") != 1 {
			t.Errorf("error %v, %d objects", err, c.count("group"))
		}
	})
}

func TestDestroyOrderAndTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, reg := newCloud(t,
			&kind{spec: Spec{Name: "vpc"}},
			&kind{spec: Spec{Name: "gateway", DeletesAfter: []string{"service"}}},
			&kind{spec: Spec{Name: "lb", GoneIn: 20 * time.Second}},
			&kind{spec: Spec{Name: "logs", Keep: "logs"}},
			&kind{spec: Spec{Name: "role", Keep: "the account's", KeepAlways: true}},
			&kind{spec: Spec{Name: "service", GoneIn: 30 * time.Second}})
		g := NewGraph()
		vpc := g.Add(envOwner, "main", box{Kind: "vpc"})
		g.Add(envOwner, "gw", box{Kind: "gateway", Home: vpc.ID()})
		lb := g.Add(envOwner, "lb", box{Kind: "lb", Home: vpc.ID()})
		g.Add(stackOwner, "log", box{Kind: "logs"})
		g.Add(stackOwner, "role", box{Kind: "role"})
		g.Add(stackOwner, "web", box{Kind: "service", Uses: []Ref{lb.ID()}})
		g.Add(stackOwner, "api", box{Kind: "service"})
		up(t, reg, g, PlanOptions{})
		before := len(c.past())
		opts := PlanOptions{Destroy: []Owner{envOwner, stackOwner}}
		p := planFor(t, reg, nil, opts)
		if p.Estimate != 50*time.Second {
			t.Errorf("estimate %v", p.Estimate)
		}
		if p.Count(VerbLeave) != 2 || p.Actions[len(p.Actions)-2].Reasons[0].Cause.Detail != "logs" {
			t.Errorf("plan: %s", p)
		}
		_, took := up(t, reg, nil, opts)
		if took != 50*time.Second {
			t.Errorf("took %v, want the longest chain", took)
		}
		order := kindsOf(c.past()[before:])
		slices.Sort(order[2:4]) // the two run side by side
		if got := strings.Join(order, " "); got != "service service gateway lb vpc" {
			t.Errorf("order %s", got)
		}
		opts.DeleteData = true
		up(t, reg, nil, opts)
		if c.count("logs") != 0 {
			t.Error("the data is still there")
		}
		if c.count("role") != 1 {
			t.Error("what belongs to the account is gone")
		}
	})
}

func TestDeletesWithNeedsOnlyTheBegin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t,
			&kind{spec: Spec{Name: "service", GoneIn: 30 * time.Second}},
			&kind{spec: Spec{Name: "name", GoneIn: 20 * time.Second, DeletesWith: []string{"service"}}})
		g := NewGraph()
		g.Add(stackOwner, "web", box{Kind: "name"})
		g.Add(stackOwner, "web", box{Kind: "service"})
		up(t, reg, g, PlanOptions{})
		opts := PlanOptions{Destroy: []Owner{stackOwner}}
		if p := planFor(t, reg, nil, opts); p.Estimate != 30*time.Second {
			t.Errorf("estimate %v", p.Estimate)
		}
		if _, took := up(t, reg, nil, opts); took != 30*time.Second {
			t.Errorf("took %v, want both side by side", took)
		}
	})
}

// kindsOf returns the kinds of objects in a history of deletions.
func kindsOf(history []string) []string {
	var kinds []string
	for _, h := range history {
		kind, _, _ := strings.Cut(strings.TrimPrefix(h, "delete "), "-0")
		kinds = append(kinds, kind)
	}
	return kinds
}
