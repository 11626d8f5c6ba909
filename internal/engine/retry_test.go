package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// failing fails the first n calls of a verb with a class.
func failing(verb string, n int, class Class) func(string, string, int) error {
	return func(v, _ string, call int) error {
		if v == verb && call <= n {
			return &fault{class, "fault in " + verb}
		}
		return nil
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	// Jitter is 1, so that throttling waits 0.5, 1, 2 ... seconds.
	for name, tc := range map[string]struct {
		before, after func(string, string, int) error
		took          time.Duration
		fails         bool
	}{
		"throttled":                  {before: failing("create", 4, Throttled), took: 7500 * time.Millisecond},
		"not yet":                    {before: failing("create", 5, NotYet), took: 680 * time.Millisecond},
		"a dependency is not found":  {before: failing("create", 1, NotFound), took: 100 * time.Millisecond},
		"not yet for over a minute":  {before: failing("create", 99, NotYet), took: 61180 * time.Millisecond, fails: true},
		"conflict":                   {before: failing("create", 6, Conflict), took: 3 * time.Second},
		"conflict outlasts a minute": {before: failing("create", 80, Conflict), took: 151310 * time.Millisecond},
		"denied":                     {before: failing("create", 1, Denied), fails: true},
		"expired":                    {before: failing("create", 1, Expired), fails: true},
		"terminal":                   {before: failing("create", 1, Terminal), fails: true},
		"no answer, token":           {after: failing("create", 2, Unknown), took: 1500 * time.Millisecond},
		"no answer, for ever":        {after: failing("create", 99, Unknown), took: 19500 * time.Millisecond, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, reg := newCloud(t, &kind{spec: Spec{Name: "thing", Identity: Token}, before: tc.before, after: tc.after})
				g := NewGraph()
				g.Add(envOwner, "x", box{Kind: "thing"})
				plan := planFor(t, reg, g, PlanOptions{})
				began := time.Now()
				_, err := (&Runner{Jitter: func() float64 { return 1 }}).Apply(t.Context(), plan)
				if (err != nil) != tc.fails {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if n := c.count("thing"); n > 1 || n == 0 && !tc.fails {
					t.Errorf("%d objects", n)
				}
			})
		})
	}
}

func TestUnknownOutcomeByTag(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind kind
		took time.Duration
	}{
		"it took effect":            {kind{after: failing("create", 1, Unknown)}, 0},
		"it shows late":             {kind{after: failing("create", 1, Unknown), lag: 8 * time.Second}, 8 * time.Second},
		"it took no effect":         {kind{before: failing("create", 1, Unknown)}, 15*time.Second + 500*time.Millisecond},
		"the search fails for once": {kind{after: failing("create", 1, Unknown), before: failing("list", 3, Throttled)}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := tc.kind
				k.spec = Spec{Name: "vpc", Identity: ByTag}
				c, reg := newCloud(t, &k)
				g := NewGraph()
				g.Add(envOwner, "main", box{Kind: "vpc", Size: "big"})
				plan, err := MakePlan(g, NewObserved(envOwner), reg, PlanOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := k.enter(t.Context(), "list", ""); tc.kind.lag == 0 && err == nil {
					k.tries["list "] = 0
				}
				began := time.Now()
				res, err := (&Runner{}).Apply(t.Context(), plan)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
				if n := c.count("vpc"); n != 1 {
					t.Errorf("%d objects, want 1: %v", n, c.past())
				}
				if _, ok := res.Objects[at(envOwner, "vpc", "main")]; !ok {
					t.Error("the result lacks the object")
				}
			})
		})
	}
}

// TestUnknownOutcomeCompletesHalfCreate: an object that was found after a
// create without an answer is completed, even if that takes several attempts;
// the create is not repeated.
func TestUnknownOutcomeCompletesHalfCreate(t *testing.T) {
	t.Parallel()
	for name, completing := range map[string]func(verb, name string, n int) error{
		"at once":      nil,
		"not seen yet": failing("update", 3, NotFound),
		"not yet":      failing("update", 3, NotYet),
		"throttled":    failing("update", 3, Throttled),
		"busy":         failing("update", 3, Conflict),
		"no answer":    failing("update", 3, Unknown),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := &kind{spec: Spec{Name: "gateway", Identity: ByTag}, before: completing}
				c, reg := newCloud(t, k)
				k.after = func(verb, name string, n int) error {
					if verb != "create" {
						return nil
					}
					// The second call of this create, which attaches, was never made.
					for _, th := range c.things {
						th.want.Size = ""
					}
					return &fault{Unknown, "connection reset"}
				}
				g := NewGraph()
				g.Add(envOwner, "gw", box{Kind: "gateway", Size: "attached"})
				res, _ := up(t, reg, g, PlanOptions{})
				if got := res.Objects[at(envOwner, "gateway", "gw")].Attrs["size"]; got != "attached" {
					t.Errorf("size %q", got)
				}
				want := []string{"create gateway/gw", "update gateway/gw"}
				if got := c.past(); !slices.Equal(got, want) {
					t.Errorf("calls %v, want %v", got, want)
				}
			})
		})
	}
}

// TestUnknownOutcomeCompletesWhatIsHidden: attributes that lists do not show
// are set again on an object that was found after an unknown outcome, unless
// its mark holds them: the creation may have stopped before.
func TestUnknownOutcomeCompletesWhatIsHidden(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		marked bool
		want   []string
	}{
		"the mark comes last":  {false, []string{"create gateway/gw", "update gateway/gw"}},
		"the mark comes first": {true, []string{"create gateway/gw"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := &kind{spec: Spec{Name: "gateway", Identity: ByTag}, hides: []string{"size"}}
				cloud, reg := newCloud(t, k)
				k.after = func(verb, _ string, _ int) error {
					if verb != "create" {
						return nil
					}
					for _, th := range cloud.things {
						if !c.marked {
							th.want.Size, th.object.LastApplied = "", ""
						}
					}
					return &fault{Unknown, "connection reset"}
				}
				g := NewGraph()
				g.Add(envOwner, "gw", box{Kind: "gateway", Size: "attached"})
				up(t, reg, g, PlanOptions{})
				for _, th := range cloud.things {
					if th.want.Size != "attached" {
						t.Errorf("size %q", th.want.Size)
					}
				}
				if got := cloud.past(); !slices.Equal(got, c.want) {
					t.Errorf("calls %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestDeleteWaitsForConflictAndAcceptsAbsence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "group"}}
		c, reg := newCloud(t, k)
		g := NewGraph()
		g.Add(envOwner, "a", box{Kind: "group"})
		g.Add(envOwner, "b", box{Kind: "group"})
		up(t, reg, g, PlanOptions{})
		plan := planFor(t, reg, nil, PlanOptions{Destroy: []Owner{envOwner}})
		k.before = func(verb, name string, n int) error {
			switch {
			case verb == "delete" && name == "a" && n <= 4:
				return &fault{Conflict, "a network interface is attached"}
			case verb == "delete" && name == "b":
				return &fault{NotFound, "not there"}
			}
			return nil
		}
		var waits []string
		began := time.Now()
		_, err := (&Runner{Emit: func(e Event) {
			if e.Kind == Waiting {
				waits = append(waits, e.Detail)
			}
		}}).Apply(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
		if len(waits) != 4 || waits[0] != "a network interface is attached" {
			t.Errorf("waiting events %q", waits)
		}
		if c.count("group") != 1 {
			t.Errorf("%d objects, want the one that was reported absent", c.count("group"))
		}
	})
}

func TestConflictHoldsNoWorker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reg := newCloud(t,
			&kind{spec: Spec{Name: "stubborn"}, before: failing("create", 3, Conflict)},
			&kind{spec: Spec{Name: "easy"}, latency: time.Second})
		g := NewGraph()
		g.Add(envOwner, "s", box{Kind: "stubborn"})
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			g.Add(envOwner, name, box{Kind: "easy"})
		}
		plan := planFor(t, reg, g, PlanOptions{})
		began := time.Now()
		if _, err := (&Runner{Workers: 1}).Apply(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 9*time.Second {
			t.Errorf("took %v: pauses must not block the worker", took)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	g := NewGraph()
	n := g.Add(envOwner, "x", box{Kind: "thing", Size: "1"})
	a := &Action{Address: n.Address, node: n}
	first := tokenFor(a, AttrsOf(n.Resource), "g1")
	if len(first) != 32 || strings.Trim(first, "0123456789abcdef") != "" {
		t.Errorf("token %q is not 32 hexadecimal digits", first)
	}
	if again := tokenFor(a, AttrsOf(n.Resource), "g1"); again != first {
		t.Error("the token of a repetition differs")
	}
	seen := map[string]string{first: "the first"}
	for name, token := range map[string]string{
		"another generation":    tokenFor(a, AttrsOf(n.Resource), "g2"),
		"another desired state": tokenFor(a, AttrsOf(box{Kind: "thing", Size: "2"}), "g1"),
		"another replacement":   tokenFor(&Action{Address: n.Address, ID: "old"}, AttrsOf(n.Resource), "g1"),
		"another owner":         tokenFor(&Action{Address: at(stackOwner, "thing", "x")}, AttrsOf(n.Resource), "g1"),
	} {
		if other, dup := seen[token]; dup {
			t.Errorf("%s has the token of %s", name, other)
		}
		seen[token] = name
	}
}

// TestTokenOfADeadObject returns to an earlier desired state within one generation of
// the lock: AWS answers its token with the object that has been deleted since, possibly
// several times.
func TestTokenOfADeadObject(t *testing.T) {
	t.Parallel()
	for name, goneIn := range map[string]time.Duration{"gone": 0, "going": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := &kind{spec: Spec{Name: "gateway", Identity: Token, ReadyIn: time.Minute}, goneIn: goneIn}
				c, reg := newCloud(t, k)
				with, without := NewGraph(), NewGraph()
				with.Add(envOwner, "a", box{Kind: "gateway"})
				for range 3 {
					up(t, reg, with, PlanOptions{})
					if n := alive(c, "gateway"); n != 1 {
						t.Fatalf("%d gateways are alive, want 1: %v", n, c.past())
					}
					c.edit(t, at(envOwner, "gateway", "a"), func(th *thing) { th.deletions, th.gone = true, time.Now().Add(goneIn) })
					planFor(t, reg, without, PlanOptions{}) // sees it go
				}
			})
		})
	}
}

// alive returns the number of objects of a kind that have not been deleted.
func alive(c *cloud, kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, th := range c.things {
		if th.kind == kind && !th.deletions {
			n++
		}
	}
	return n
}

// TestATypeThatKnowsNoToken ends: AWS answers every token with an object that
// is being deleted.
func TestATypeThatKnowsNoToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &kind{spec: Spec{Name: "gateway", Identity: Token}}
		_, reg := newCloud(t, k)
		k.before = func(verb, _ string, n int) error {
			if verb == "create" && n > 50 {
				t.Error("it is created for ever")
				return &fault{Terminal, "enough"}
			}
			return nil
		}
		k.stillborn = true
		g := NewGraph()
		g.Add(envOwner, "a", box{Kind: "gateway"})
		_, err := (&Runner{}).Apply(t.Context(), planFor(t, reg, g, PlanOptions{}))
		var not *NotReadyError
		if !errors.As(err, &not) {
			t.Errorf("error %v, want a NotReadyError", err)
		}
	})
}

func TestPlanFromFileIsNotApplied(t *testing.T) {
	t.Parallel()
	res, err := (&Runner{}).Apply(t.Context(), &Plan{})
	if err == nil || res == nil || errors.Is(err, errStopped) {
		t.Errorf("result %v, error %v", res, err)
	}
}
