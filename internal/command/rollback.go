package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/rollback"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/why"
)

func newRollback(o *cli.Options) *cobra.Command {
	v := &rollbackVerb{o.Opener()}
	return &cobra.Command{
		Use:        "rollback [N]",
		SuggestFor: []string{"revert", "undo"},
		Short:      "Let services run again what they ran in an earlier release",
		Long: `rollback deploys the task definitions of a release again: images, variables,
commands and sizes of services and schedules. Without a number, that is the last
release that succeeded before the one which runs. history shows the numbers.

Data and schema never go back: databases, volumes, buckets and secrets stay as
they are, jobs do not run, and neither the number of tasks nor names, ports and
balancers change. The next up deploys what the files say again.`,
		Example: `  berth rollback
  berth -e prod rollback 12 --yes`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return v.rollback(c.Context(), strings.Join(args, ""), o.Timeout)
		},
	}
}

// rollbackVerb goes back to a release.
type rollbackVerb struct{ *cli.Opener }

// rollbackOutput is the stable form of rollback --json.
type rollbackOutput struct {
	cli.Place
	To      releaseView       `json:"to"`
	Changes []rollback.Change `json:"changes"`
	Left    []rollback.Left   `json:"left"`
}

func (v *rollbackVerb) rollback(ctx context.Context, asked string, timeout time.Duration) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	p, err := rollback.To(ctx, s.Project, asked, v.Observer())
	if err != nil {
		return err
	}
	for _, text := range rollbackText(p, s.Target.Clock.Now()) {
		lines := []string{text}
		if !v.JSON {
			lines = render.Wrapped(text, "      ")
		}
		for _, line := range lines {
			v.Say("%s", line)
		}
	}
	if len(p.Changes) == 0 {
		v.Say("all services run what they ran in release %d: nothing to do", p.To.Number)
		return v.done(s, p)
	}
	if err := v.Agree(s, fmt.Sprintf("Go back to release %d?", p.To.Number)); err != nil {
		return err
	}
	names, addresses := p.Services()
	took, err := carryOut(v.Opener, s, work{
		names: names, addresses: addresses, doing: "going back", ended: "back",
		apply: func(observe deploy.Observer) ([]why.Answer, error) { return p.Apply(ctx, timeout, observe) },
	})
	if err != nil {
		return err
	}
	v.Say("back to release %d in %s", p.To.Number, took)
	return v.done(s, p)
}

func (v *rollbackVerb) done(s *cli.Session, p *rollback.Plan) error {
	if !v.JSON {
		return nil
	}
	out := rollbackOutput{s.Place(), viewOf(p.To), p.Changes, p.Left}
	if out.Changes == nil {
		out.Changes = []rollback.Change{}
	}
	if out.Left == nil {
		out.Left = []rollback.Left{}
	}
	return v.PrintJSON(out)
}

// rollbackText is the plan of a rollback: which release, what goes back, what stays.
func rollbackText(p *rollback.Plan, now time.Time) []string {
	to := viewOf(p.To)
	facts := append([]string{render.Age(now.Sub(to.Time)) + " ago"}, to.facts()...)
	if to.Outcome != state.Succeeded {
		facts = append(facts, "which "+to.outcome())
	}
	var out []string
	add := func(text string) { out = append(out, text) }
	add(fmt.Sprintf("  release %d, %s", to.Number, strings.Join(facts, ", ")))
	for _, c := range p.Changes {
		name := c.Name
		if c.Kind == rollback.OfSchedule {
			name += " (schedule)"
		}
		add("  ~ " + name + ": " + strings.Join(c.Differences, "; "))
	}
	for _, l := range p.Left {
		add("    " + l.Name + ": " + l.Why)
	}
	if images := p.Images(); len(images) > 0 {
		add("    a tag is pulled as it is now: " + strings.Join(images, ", "))
	}
	if len(p.Changes) > 0 {
		add("    data and schema do not go back: databases, volumes and secrets stay as they are, jobs do not run")
	}
	return out
}
