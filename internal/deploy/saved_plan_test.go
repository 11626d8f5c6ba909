package deploy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// savedPlan is the plan of a first up, as a file, and what it was made in.
func savedPlan(t *testing.T, b *bed.Bed, a *app.App) (*bed.Process, *deploy.Plan, []byte) {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := p.Plan(t.Context(), deploy.Request{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(prepared.Save(), "", "  ")
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
		_, prepared, data := savedPlan(t, b, a)
		v, err := deploy.ReadPlan(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Check(prepared); err != nil {
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
			if _, err := deploy.ReadPlan(edited); err == nil {
				t.Errorf("%s: it was read", name)
			}
		}
		for _, bad := range []string{"", "null", "[]", "7", "{", `{"version":1}`, string(data[:len(data)/2]), strings.Repeat("[", 1<<16)} {
			if _, err := deploy.ReadPlan([]byte(bad)); err == nil {
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
		if _, err := deploy.ReadPlan(compact); err != nil {
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
		v, err := deploy.ReadPlan(data)
		if err != nil {
			t.Fatal(err)
		}
		other := a.Source
		other.Path = "elsewhere"
		for what, change := range map[string]func(v *deploy.SavedPlan){
			"account":     func(v *deploy.SavedPlan) { v.Account = "210987654321" },
			"region":      func(v *deploy.SavedPlan) { v.Region = "eu-west-1" },
			"environment": func(v *deploy.SavedPlan) { v.Environment = "prod" },
			"project":     func(v *deploy.SavedPlan) { v.Project = "other" },
			"source":      func(v *deploy.SavedPlan) { v.Source = other.String() },
		} {
			foreign := v
			change(&foreign)
			var wrong *deploy.OtherPlanError
			if err := foreign.Check(prepared); !errors.As(err, &wrong) || wrong.What != what || !strings.Contains(fmt.Sprint(err), "the plan is for "+what) {
				t.Errorf("%s: %v", what, err)
			}
		}
		// Somebody who forges all of it, fingerprint included, gets no further: it
		// is compared with the plan of now.
		mustRun(t, b, a, deploy.Request{})
		now, err := p.Plan(t.Context(), deploy.Request{})
		if err != nil {
			t.Fatal(err)
		}
		var moved *engine.MovedError
		if err := v.Check(now); !errors.As(err, &moved) {
			t.Errorf("a world that has moved: %v", err)
		}
	})
}
