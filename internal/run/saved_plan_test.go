package run_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/test/bed"
)

// savedPlan is the plan of a first up, as a file, and what it was made in.
func savedPlan(t *testing.T, b *bed.Bed, a *app.App) (*bed.Process, *run.Prepared, []byte) {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := p.Prepare(t.Context(), run.Request{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(run.Save(p.Session, prepared), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return p, prepared, data
}

// TestAnEditedPlanIsRefused changes a saved plan in every way that leaves its
// fingerprint standing.
func TestAnEditedPlanIsRefused(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	action := func(m map[string]any, i int) map[string]any { return m["actions"].([]any)[i].(map[string]any) }
	edits := map[string]func(m map[string]any){
		"no actions":            func(m map[string]any) { m["actions"] = []any{} },
		"null actions":          func(m map[string]any) { m["actions"] = nil },
		"the actions are gone":  func(m map[string]any) { delete(m, "actions") },
		"one action less":       func(m map[string]any) { m["actions"] = m["actions"].([]any)[1:] },
		"another order":         func(m map[string]any) { l := m["actions"].([]any); l[0], l[1] = l[1], l[0] },
		"another verb":          func(m map[string]any) { action(m, 0)["verb"] = "leave" },
		"another address":       func(m map[string]any) { action(m, 0)["address"] = "ec2.vpc/other" },
		"another reason":        func(m map[string]any) { action(m, 0)["reasons"] = []any{map[string]any{"why": "harmless"}} },
		"more is unchanged":     func(m map[string]any) { m["unchanged"] = 7 },
		"another account":       func(m map[string]any) { m["account"] = "210987654321" },
		"another world":         func(m map[string]any) { m["world"] = strings.Repeat("0", 32) },
		"actions twice":         func(m map[string]any) { m["ACTIONS"], m["actions"] = m["actions"], []any{} },
		"actions in capitals":   func(m map[string]any) { m["Actions"] = m["actions"]; delete(m, "actions") },
		"a verb twice":          func(m map[string]any) { action(m, 0)["VERB"] = action(m, 0)["verb"]; action(m, 0)["verb"] = "leave" },
		"no fingerprint":        func(m map[string]any) { delete(m, "fingerprint") },
		"another version":       func(m map[string]any) { m["version"] = 2 },
		"a fingerprint of text": func(m map[string]any) { m["fingerprint"] = []any{} },
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, prepared, data := savedPlan(t, b, a)
		v, err := run.ReadPlan(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Check(p.Session, prepared); err != nil {
			t.Errorf("the plan as it was saved: %v", err)
		}
		for name, edit := range edits {
			var m map[string]any
			if err := json.Unmarshal(data, &m); err != nil {
				t.Fatal(err)
			}
			edit(m)
			edited, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := run.ReadPlan(edited); err == nil {
				t.Errorf("%s: it was read", name)
			}
		}
		for _, bad := range []string{"", "null", "[]", "7", "{", `{"version":1}`, string(data[:len(data)/2]), strings.Repeat("[", 1<<16)} {
			if _, err := run.ReadPlan([]byte(bad)); err == nil {
				t.Errorf("%.20q: it was read", bad)
			}
		}
		// White space and the order of keys say nothing.
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		compact, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.ReadPlan(compact); err != nil {
			t.Errorf("the same plan, written by another program: %v", err)
		}
	})
}

// TestAPlanForSomethingElseIsRefused says what the plan was made for.
func TestAPlanForSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, prepared, data := savedPlan(t, b, a)
		v, err := run.ReadPlan(data)
		if err != nil {
			t.Fatal(err)
		}
		for what, change := range map[string]func(s *run.Session, a *app.App){
			"account":     func(s *run.Session, _ *app.App) { s.Account = "210987654321" },
			"region":      func(s *run.Session, _ *app.App) { s.Region = "eu-west-1" },
			"environment": func(_ *run.Session, a *app.App) { a.Env = "prod" },
			"project":     func(_ *run.Session, a *app.App) { a.Name = "other" },
			"source":      func(_ *run.Session, a *app.App) { a.Source.Path = "elsewhere" },
		} {
			s, other := *p.Session, *a
			s.App = &other
			change(&s, &other)
			var wrong *run.OtherPlanError
			if err := v.Check(&s, prepared); !errors.As(err, &wrong) || wrong.What != what || !strings.Contains(fmt.Sprint(err), "the plan is for "+what) {
				t.Errorf("%s: %v", what, err)
			}
		}
		s, other := *p.Session, *a
		s.App = &other
		other.Source.Remote = "git@example.com:shop"
		if err := v.Check(&s, prepared); err != nil {
			t.Errorf("the same source in another form: %v", err)
		}
		// Somebody who forges all of it, fingerprint included, gets no further: it
		// is compared with the plan of now.
		mustRun(t, b, a, run.Request{})
		now, err := p.Prepare(t.Context(), run.Request{})
		if err != nil {
			t.Fatal(err)
		}
		var moved *engine.MovedError
		if err := v.Check(p.Session, now); !errors.As(err, &moved) {
			t.Errorf("a world that has moved: %v", err)
		}
	})
}
