package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/plantext"
)

// diagnosed says why services and jobs do not run, and gives the error of Apply
// its exit code.
func (v *changer) diagnosed(ctx context.Context, s *cli.Session, p *deploy.Plan, out *deploy.Outcome, err error) error {
	if err == nil || p.Request.Down {
		return err
	}
	if errors.Is(err, interrupt.Err) {
		sayUnderWay(v.Console, out)
		return err
	}
	for _, d := range s.Diagnose(ctx, p, out, err) {
		if strings.Contains(err.Error(), d.Cause) {
			d.Cause = "" // the error says it
		}
		sayDiagnosis(v.Console, d)
	}
	if deploy.Unhealthy(err) {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: err}
	}
	return err
}

// mostUnderWay is how many objects are named after an interrupt.
const mostUnderWay = 5

// sayUnderWay names what AWS goes on with after an interrupt. Nothing of it has failed.
func sayUnderWay(c *cli.Console, out *deploy.Outcome) {
	var names []string
	for _, o := range out.Result.With(engine.StatusStopped) {
		names = append(names, plantext.Noun(o.Action.Type)+" "+o.Action.Address.Name)
	}
	if n := len(names) - mostUnderWay; n > 1 {
		names = append(names[:mostUnderWay], fmt.Sprintf("%d more", n))
	}
	if len(names) > 0 {
		c.Say("under way, and AWS goes on with it: %s", strings.Join(names, ", "))
	}
}

func sayDiagnosis(c *cli.Console, d deploy.Diagnosis) {
	switch {
	case d.Cause == "" && d.Remedy != "":
		c.Say("%s: %s", d.Name, d.Remedy)
	case d.Cause == "" && len(d.Log) > 0:
		c.Say("%s: its last lines:", d.Name)
	case d.Cause != "":
		c.Say("%s: %s", d.Name, printable(d.Cause))
		if d.Remedy != "" {
			c.Say("  %s", d.Remedy)
		}
	}
	for _, line := range d.Log {
		c.Say("  | %s", printable(line))
	}
	if len(d.Log) > 0 {
		c.Say("  `berth logs %s` shows more", d.Name)
	}
}
