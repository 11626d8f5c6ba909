package deploy_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/test/bed"
)

// opened are projects of one target, as a server has them.
func opened(t *testing.T, b *bed.Bed, apps ...*app.App) []*deploy.Project {
	t.Helper()
	target, err := b.TargetOn(t.Context(), "server")
	if err != nil {
		t.Fatal(err)
	}
	target.Alive = func(int) bool { return true } // the process is this one
	var out []*deploy.Project
	for _, a := range apps {
		p, err := deploy.Open(t.Context(), deploy.Source{App: a}, target)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// TestManyAtOnce deploys projects of one target side by side, while others look
// at each of them.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var apps []*app.App
	for _, name := range []string{"one", "two", "three"} {
		apps = append(apps, bed.App(t, strings.Replace(pair, "name: pair", "name: "+name, 1)))
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		var group sync.WaitGroup
		for _, p := range opened(t, b, apps...) {
			name := p.Source.App.Name
			group.Go(func() {
				plan, err := p.Plan(t.Context(), deploy.Request{}, nil)
				if err != nil {
					t.Error(err)
					return
				}
				for range 2 {
					group.Go(func() {
						_, planErr := p.Plan(t.Context(), deploy.Request{ReadOnly: true}, nil)
						_, statusErr := p.Status(t.Context())
						if err := errors.Join(planErr, statusErr); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					})
				}
				out, err := p.Apply(t.Context(), plan, func(e deploy.Event) {
					step, ok := e.(deploy.Progress)
					if ok && !step.Address.IsZero() && step.Address.Owner.Environment != name+"-dev" {
						t.Errorf("%s is told of %s of %s", name, step.Address, step.Address.Owner)
					}
				})
				if err != nil {
					t.Error(err)
					return
				}
				if n := len(out.Release.Services); n != 2 {
					t.Errorf("%s: the release has %d services", name, n)
				}
				again, err := p.Plan(t.Context(), deploy.Request{}, nil)
				if err != nil || !again.Empty() {
					t.Errorf("%s: error %v, or something is still to do", name, err)
				}
			})
		}
		group.Wait()
	})
}

// TestTwoAppliesOfOneStack: the second finds the lock taken by the first.
func TestTwoAppliesOfOneStack(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p := opened(t, b, a)[0]
		errs := make(chan error)
		for range 2 {
			plan, err := p.Plan(t.Context(), deploy.Request{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				_, err := p.Apply(t.Context(), plan, nil)
				errs <- err
			}()
		}
		first, second := <-errs, <-errs
		var held *state.HeldError
		if !errors.As(first, &held) || second != nil {
			t.Errorf("got %v and then %v, want the one that came second to be refused at once", first, second)
		}
	})
}

// TestAPlanOfAnotherProject: a plan is carried out by the project that made it.
func TestAPlanOfAnotherProject(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		list := opened(t, b, a, a)
		plan, err := list[0].Plan(t.Context(), deploy.Request{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var other *deploy.OtherProjectError
		for _, wrong := range []*deploy.Plan{plan, {Plan: &engine.Plan{}}} {
			if _, err := list[1].Apply(t.Context(), wrong, nil); !errors.As(err, &other) {
				t.Errorf("got %v, want an OtherProjectError", err)
			}
		}
	})
}
