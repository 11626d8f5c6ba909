package drift

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestDeepPlanFindsEveryEdit edits one attribute at a time behind berth's back.
func TestDeepPlanFindsEveryEdit(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`)
	opt := sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true}
	dir, path := t.TempDir(), ""
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, opt)
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		path = b.Save(t, dir)
	})
	for _, e := range edits() {
		t.Run(e.address+"/"+e.attribute, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := bed.Load(t, path, opt)
				p, err := b.Start(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				before, err := p.Plan(t.Context(), deploy.Request{Deep: true})
				if err != nil {
					t.Fatal(err)
				}
				if !before.Empty() {
					t.Fatalf("there is a plan before the edit:\n%s", before.Plan)
				}
				if err := e.do(t.Context(), place{p.Clients, outputs(before)}); err != nil {
					t.Fatalf("the edit: %v", err)
				}
				// Long enough for lists to show the edit, and too short for ECS to
				// roll back a bad one by itself.
				time.Sleep(15 * time.Second)
				found(t, p, e)
			})
		})
	}
}

// found checks that the edit is in the plan, and that there is nothing to do
// after the plan was applied.
func found(t *testing.T, p *bed.Process, e edit) {
	t.Helper()
	prepared, out, err := p.Do(t.Context(), deploy.Request{Deep: true})
	if err != nil {
		t.Fatalf("mending: %v", err)
	}
	if out == nil || prepared.Empty() {
		t.Fatal("the deep plan does not show the edit")
	}
	seen := false
	for _, action := range prepared.Actions {
		a := action.Address
		seen = seen || a.Type+"/"+a.Name == e.address && action.Verb != engine.VerbNone
	}
	if !seen {
		t.Errorf("the plan does not name %s:\n%s", e.address, prepared.Plan)
	}
	time.Sleep(bed.Quiet)
	again, err := p.Plan(t.Context(), deploy.Request{Deep: true})
	if err != nil {
		t.Fatal(err)
	}
	if !again.Empty() {
		t.Errorf("after mending there is still something to do:\n%s", again.Plan)
	}
}

// outputs finds an object's output by type and name.
func outputs(p *deploy.Plan) func(address, output string) string {
	return func(address, output string) string {
		for _, n := range p.Graph.Nodes() {
			if n.Address.Type+"/"+n.Address.Name == address {
				if l, ok := p.Observed.Object(n.Address); ok {
					return l.Output(output)
				}
			}
		}
		return ""
	}
}
