package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/why"
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
	for _, a := range s.Diagnose(ctx, p, out, err) {
		sayAnswer(v.Console, a)
	}
	if deploy.Unhealthy(err) {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: err}
	}
	return err
}

// mostUnderWay is how many objects are named after an interrupt.
const mostUnderWay = 5

// unhealthy says why services do not run, and gives the error of a restart, or of another
// change of their tasks, its exit code.
func unhealthy(c *cli.Console, answers []why.Answer, err error) error {
	for _, a := range answers {
		sayAnswer(c, a)
	}
	if !errors.Is(err, interrupt.Err) && deploy.Unhealthy(err) {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: err}
	}
	return err
}

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

// sayAnswer says why a service or job does not run, as `berth why` does.
func sayAnswer(c *cli.Console, a why.Answer) {
	for _, line := range answerText(a) {
		c.Say("%s", line)
	}
}

// answerText is an answer in lines: the cause, the evidence, the log, what to do next.
func answerText(a why.Answer) []string {
	lines := render.Wrapped(printable(a.Name+": "+a.Cause), "  ")
	for _, e := range a.Evidence {
		lines = append(lines, render.Wrapped("  - "+printable(render.ShortWords(e)), "    ")...)
	}
	for _, l := range a.Log {
		lines = append(lines, "  | "+printable(l))
	}
	if len(a.Log) > 0 && !strings.Contains(a.Next, "`berth logs ") {
		lines = append(lines, "  `berth logs "+a.Name+"` shows more")
	}
	if a.Next != "" {
		lines = append(lines, "  next: "+a.Next)
	}
	return lines
}
