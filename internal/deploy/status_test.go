package deploy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/test/bed"
)

const crashing = `
name: crashing
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    healthcheck: { test: ["CMD", "true"] }
  api:
    image: sandbox/crash
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
`

// TestAfterAFailure: what Apply returns, and what the questions about the project
// answer, after one of two services has failed.
func TestAfterAFailure(t *testing.T) {
	t.Parallel()
	a := bed.App(t, crashing)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := p.Plan(t.Context(), deploy.Request{})
		if err != nil {
			t.Fatal(err)
		}
		out, failed := p.Apply(t.Context(), plan)
		if !deploy.Unhealthy(failed) {
			t.Fatalf("got %v, want a service that is not healthy", failed)
		}
		if out.Release.Outcome != "unhealthy" || len(out.URLs) != 1 || out.URLs[0].Service != "web" {
			t.Errorf("release %q, URLs %v", out.Release.Outcome, out.URLs)
		}
		reasons := p.Diagnose(t.Context(), plan, out, failed)
		if len(reasons) != 1 || reasons[0].Name != "api" || !strings.Contains(reasons[0].Cause, "exit code 1") {
			t.Errorf("diagnosis %+v, want why api ends", reasons)
		}
		if none := p.Diagnose(t.Context(), plan, nil, failed); len(none) > 0 {
			t.Errorf("a run that was not begun has the diagnosis %+v", none)
		}
		now, err := p.Status(t.Context())
		if err != nil || len(now.Services) != 2 || len(now.URLs) != 1 || now.URLs[0] != out.URLs[0] {
			t.Errorf("status %+v, error %v; want both services and the URL %v", now, err, out.URLs)
		}
		lines := map[string]int{}
		err = p.Logs(t.Context(), []string{"api"}, status.LogOptions{Tail: -1}, func(l status.Line) error {
			lines[l.Service]++
			return nil
		})
		if err != nil || lines["api"] == 0 || len(lines) != 1 {
			t.Errorf("lines %v, error %v; want those of api", lines, err)
		}
	})
}

func TestQuestionsAboutAnUnknownService(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		_, statusErr := p.Status(t.Context(), "wep")
		logsErr := p.Logs(t.Context(), []string{"wep"}, status.LogOptions{}, nil)
		for what, err := range map[string]error{"Status": statusErr, "Logs": logsErr, "CheckNames": p.CheckNames([]string{"wep"})} {
			var unknown *deploy.UnknownServiceError
			if !errors.As(err, &unknown) || unknown.Name != "wep" {
				t.Errorf("%s: got %v, want an UnknownServiceError", what, err)
			}
		}
	})
}
