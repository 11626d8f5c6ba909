package scale_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/scale"
	"github.com/berthdev/berth/test/bed"
)

// TestResumeKeepsAScheduledRange: a service that is resumed at night has no tasks, as its
// schedule says, and those of the day in the morning. The world begins at midnight UTC.
func TestResumeKeepsAScheduledRange(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
services:
  web:
    image: nginx:1.29
    deploy: {replicas: 2}
    x-berth:
      autoscaling:
        max: 4
        schedule: [{cron: "0 19 * * *", min: 0, max: 0}, {cron: "0 7 * * *", min: 2}]
`)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1})
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		s := service{t: t, b: b, app: a}
		s.change(scale.Pause)
		sleepUntil(20)
		s.change(scale.Resume)
		if got := s.desired(); got != 0 {
			t.Errorf("at night, %d tasks are wanted after resume, want 0", got)
		}
		sleepUntil(8)
		if got := s.desired(); got != 2 {
			t.Errorf("in the morning, %d tasks are wanted, want 2", got)
		}
	})
}

// TestCountsAreBounded: a number that ECS does not take is refused before anything is read.
func TestCountsAreBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, 5001} {
		if _, err := scale.To(t.Context(), nil, map[string]int{"web": n}, nil); err == nil {
			t.Errorf("%d tasks are accepted", n)
		}
	}
}

// sleepUntil sleeps until the clock shows an hour.
func sleepUntil(hour int) {
	now := time.Now().UTC()
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, time.UTC)
	if at.Before(now) {
		at = at.AddDate(0, 0, 1)
	}
	time.Sleep(at.Sub(now))
}

// service is the service web in a world.
type service struct {
	t   *testing.T
	b   *bed.Bed
	app *app.App
}

func (s service) project() *deploy.Project {
	s.t.Helper()
	p, err := s.b.Start(s.t.Context(), s.app)
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Project
}

func (s service) change(plan func(context.Context, *deploy.Project, []string, deploy.Observer) (*scale.Plan, error)) {
	s.t.Helper()
	p, err := plan(s.t.Context(), s.project(), []string{"web"}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := p.Apply(s.t.Context(), 0, nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s service) desired() int {
	s.t.Helper()
	found, err := s.project().Status(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return int(found.Services[0].Desired)
}
