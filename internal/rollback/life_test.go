package rollback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/rollback"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/test/bed"
)

// shop is a project whose services and job have this image and argument.
func shop(t *testing.T, image, argument string) *app.App {
	t.Helper()
	return bed.App(t, fmt.Sprintf(`name: shop
services:
  web: {image: %[1]s, expose: ["80"], command: [%[2]s], healthcheck: {test: ["CMD", "true"]}}
  nightly: {image: "example/job:1", command: [%[2]s], x-berth: {schedule: "0 3 * * *"}}
`, image, argument))
}

// deployed is a world in which two releases were made.
func deployed(t *testing.T, first, second *app.App) *bed.Bed {
	t.Helper()
	b := bed.New(t, sandbox.Options{Seed: 1})
	for _, a := range []*app.App{first, second} {
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// back goes back to the first release.
func back(ctx context.Context, b *bed.Bed, a *app.App) error {
	p, err := b.Start(ctx, a)
	if err != nil {
		return err
	}
	plan, err := rollback.To(ctx, p.Project, "1", nil)
	if err != nil || len(plan.Changes) == 0 {
		return err
	}
	_, err = plan.Apply(ctx, 0, nil)
	return err
}

// releases are the releases of the world, the newest first.
func releases(t *testing.T, b *bed.Bed, a *app.App) []state.Release {
	t.Helper()
	p, err := b.Start(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := p.Releases().Latest(t.Context(), p.Stack(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestWhatWentBackIsAsDeployed: after a rollback the files of that release deploy nothing,
// and neither does a second rollback to it.
func TestWhatWentBackIsAsDeployed(t *testing.T) {
	t.Parallel()
	first, second := shop(t, "nginx:1.28", "a"), shop(t, "nginx:1.29", "b")
	synctest.Test(t, func(t *testing.T) {
		b := deployed(t, first, second)
		if err := back(t.Context(), b, second); err != nil {
			t.Fatal(err)
		}
		before := len(b.World.Calls())
		if err := back(t.Context(), b, second); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Up(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		restsSince(t, b, before)
		if _, err := b.Down(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	})
}

// TestARollbackIsARelease: it has a record, which says what it went back to.
func TestARollbackIsARelease(t *testing.T) {
	t.Parallel()
	first, second := shop(t, "nginx:1.28", "a"), shop(t, "nginx:1.29", "b")
	synctest.Test(t, func(t *testing.T) {
		b := deployed(t, first, second)
		if err := back(t.Context(), b, second); err != nil {
			t.Fatal(err)
		}
		if list := releases(t, b, first); len(list) != 3 || list[0].RolledBackTo != list[2].ID || list[0].Number != 3 {
			t.Errorf("the releases are %+v", list)
		}
	})
}

// restsSince fails if a call since then deployed something. The marks that say what was
// last asked for may be written: a rollback leaves them.
func restsSince(t *testing.T, b *bed.Bed, before int) {
	t.Helper()
	for _, c := range b.World.Calls()[before:] {
		switch c.Operation {
		case "RegisterTaskDefinition", "UpdateService", "RunTask":
			t.Errorf("nothing was to be deployed, but there is a call %s %s", c.Service, c.Operation)
		}
	}
}

// TestKilledAnywhere: a rollback that dies at any call goes on when it is repeated, and
// the teardown leaves nothing.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	first, second := shop(t, "nginx:1.28", "a"), shop(t, "nginx:1.29", "b")
	points, world, dir := 0, "", t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := deployed(t, first, second)
		world = b.Save(t, dir)
		begun := len(b.World.Calls())
		if err := back(t.Context(), b, second); err != nil {
			t.Fatal(err)
		}
		points = len(b.World.Calls()) - begun
	})
	if points < 10 {
		t.Fatalf("a rollback makes %d calls", points)
	}
	for k := range points {
		for kind, word := range map[sandbox.FaultKind]string{sandbox.KillBefore: "before", sandbox.KillAfter: "after"} {
			t.Run(fmt.Sprintf("%s call %d", word, k), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					killed(t, bed.Load(t, world, sandbox.Options{Seed: 1}), shops{first, second}, k, kind)
				})
			})
		}
	}
}

// shops are the files of two releases.
type shops struct{ first, second *app.App }

func killed(t *testing.T, b *bed.Bed, of shops, k int, kind sandbox.FaultKind) {
	t.Helper()
	begun := len(b.World.Calls())
	b.World.Inject(func(c sandbox.Call) sandbox.Fault {
		if c.Index == begun+k {
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	_ = back(t.Context(), b, of.second)
	b.World.Inject(nil)
	b.World.Revive()
	if err := back(t.Context(), b, of.second); err != nil {
		t.Fatalf("the repeated rollback fails: %v", err)
	}
	before := len(b.World.Calls())
	if _, err := b.Up(t.Context(), of.first); err != nil {
		t.Fatal(err)
	}
	restsSince(t, b, before)
	if _, err := b.Down(t.Context(), of.first); err != nil {
		t.Fatal(err)
	}
	if left := b.World.Leftovers(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestABadReleaseIsNoBetterByARollback: if the release's tasks do not become healthy now,
// the rollback fails, ECS goes back, and the record says so.
func TestABadReleaseIsNoBetterByARollback(t *testing.T) {
	t.Parallel()
	bad, good := shop(t, "sandbox/crash", "a"), shop(t, "nginx:1.29", "b")
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1})
		if _, err := b.Up(t.Context(), bad); err == nil {
			t.Fatal("the bad release succeeds")
		}
		if _, err := b.Up(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		err := back(t.Context(), b, good)
		if !deploy.Unhealthy(err) {
			t.Fatalf("the rollback ends with %v", err)
		}
		last := releases(t, b, good)[0]
		web := last.Services["web"]
		if last.Outcome != "unhealthy" || web.Instead == nil || web.Instead.TaskDefinition == web.TaskDefinition {
			t.Errorf("the record is %+v", last)
		}
		if !slices.Contains([]string{"nginx:1.29"}, web.Instead.Image) {
			t.Errorf("the image in effect is %q", web.Instead.Image)
		}
	})
}

// TestARollbackThatMovesTrafficGoesOn: one that is interrupted while the traffic moves is
// repeated, waits for the same deployment, and is a release then.
func TestARollbackThatMovesTrafficGoesOn(t *testing.T) {
	t.Parallel()
	canary := func(image string) *app.App {
		return bed.App(t, fmt.Sprintf(`name: shop
services:
  web:
    image: %s
    ports: ["80:80"]
    x-berth: {rollout: {strategy: canary, percent: 10, every: 20m, bake: 10m}}
`, image))
	}
	first, second := canary("nginx:1.28"), canary("nginx:1.29")
	synctest.Test(t, func(t *testing.T) {
		b := deployed(t, first, second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if err := back(ctx, b, second); err == nil {
			t.Fatal("the rollback took less than 10 minutes")
		}
		if list := releases(t, b, first); list[0].Outcome == "succeeded" {
			t.Errorf("the interrupted rollback is recorded as %+v", list[0])
		}
		before := len(b.World.Calls())
		if err := back(t.Context(), b, second); err != nil {
			t.Fatal(err)
		}
		if list := releases(t, b, first); list[0].Outcome != "succeeded" || list[0].RolledBackTo == "" {
			t.Errorf("the repeated rollback is recorded as %+v", list[0])
		}
		if _, err := b.Up(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		for _, c := range b.World.Calls()[before:] {
			if c.Operation == "RegisterTaskDefinition" {
				t.Error("the deployment was begun once more")
			}
		}
	})
}

// TestNothingIsThere: after a teardown there is nothing that could go back.
func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	first, second := shop(t, "nginx:1.28", "a"), shop(t, "nginx:1.29", "b")
	synctest.Test(t, func(t *testing.T) {
		b := deployed(t, first, second)
		if _, err := b.Down(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		var nothing *rollback.NothingThereError
		if err := back(t.Context(), b, second); !errors.As(err, &nothing) {
			t.Errorf("the rollback ends with %v", err)
		}
	})
}
