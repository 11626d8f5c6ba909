package command

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/interrupt"
)

// diagnosed says why services and jobs do not run, and gives the error of Apply
// its exit code.
func (v *changer) diagnosed(ctx context.Context, s *cli.Session, p *deploy.Plan, out *deploy.Outcome, err error) error {
	if err == nil || p.Request.Down {
		return err
	}
	for _, d := range s.Diagnose(ctx, p, out, err) {
		sayDiagnosis(v.Console, d)
	}
	if !errors.Is(err, interrupt.Err) && deploy.Unhealthy(err) {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: err}
	}
	return err
}

func sayDiagnosis(c *cli.Console, d deploy.Diagnosis) {
	if d.Cause != "" {
		c.Say("%s: %s", d.Name, printable(d.Cause))
	}
	if d.Remedy != "" {
		c.Say("  %s", d.Remedy)
	}
	for _, line := range d.Log {
		c.Say("  | %s", printable(line))
	}
	if len(d.Log) > 0 {
		c.Say("  `berth logs %s` shows more", d.Name)
	}
}
