package command

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/interrupt"
)

// diagnosed says why services and jobs do not run, and gives the error of Apply
// its exit code.
func (g *changer) diagnosed(ctx context.Context, s *session, p *deploy.Plan, out *deploy.Outcome, err error) error {
	if err == nil || p.Request.Down {
		return err
	}
	for _, d := range s.Diagnose(ctx, p, out, err) {
		g.sayDiagnosis(d)
	}
	if !errors.Is(err, interrupt.Err) && deploy.Unhealthy(err) {
		return &exitError{code: exitUnhealthy, err: err}
	}
	return err
}

func (g *changer) sayDiagnosis(d deploy.Diagnosis) {
	if d.Cause != "" {
		g.say("%s: %s", d.Name, printable(d.Cause))
	}
	if d.Remedy != "" {
		g.say("  %s", d.Remedy)
	}
	for _, line := range d.Log {
		g.say("  | %s", printable(line))
	}
	if len(d.Log) > 0 {
		g.say("  `berth logs %s` shows more", d.Name)
	}
}
