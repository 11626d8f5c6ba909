package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/terminal"
)

func newUp(o *options) *cobra.Command {
	v := &changer{o.opener()}
	var req deploy.Request
	var saved string
	c := &cobra.Command{
		Use:   "up [SERVICE...]",
		Short: "Bring AWS to what the Compose file says",
		Long: `up plans, shows the plan, asks, and executes it. Services that have not changed
are not touched. With names, only those services and what they need are brought
up, and nothing is removed.`,
		Example: `  berth up                     the whole project
  berth up --yes api           one service, without a question
  berth -e prod up             with compose.prod.yaml and .env.prod
  berth --sandbox up           on a modelled AWS, without an account
  berth plan --json > p.json   a plan to be looked at first, and
  berth up --yes --plan p.json executed only if it still holds`,
		RunE: func(c *cobra.Command, args []string) error {
			req.Services, req.Timeout = args, o.timeout
			return v.up(c.Context(), req, saved)
		},
	}
	c.Flags().BoolVar(&req.RemoveOrphans, "remove-orphans", false, "also remove services that are not in the file when no record says whose they are")
	takeOverFlag(c, &req)
	c.Flags().StringArrayVar(&req.Adopt, "adopt", nil, "take over the existing object of this ADDRESS, as in ecs.cluster/main")
	c.Flags().StringVar(&saved, "plan", "", "only go on if the plan is still the one that `plan --json` saved in this FILE")
	duplicates(c, &req)
	return c
}

// duplicates is the flag by which a user names what berth does not delete on its
// own word.
func duplicates(c *cobra.Command, req *deploy.Request) {
	c.Flags().StringArrayVar(&req.DeleteDuplicates, "delete-duplicate", nil,
		"delete this second object, TYPE/ID as plan names it, with all that is in it")
}

// changer is what up and down share.
type changer struct{ *opener }

func (g *changer) up(ctx context.Context, req deploy.Request, saved string) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	g.printNotices(s.Source.Notices)
	if len(s.Source.App.Placeholders) > 0 {
		return &deploy.PlaceholderError{Placeholders: s.Source.App.Placeholders}
	}
	return g.change(ctx, s, req, approval{question: "Apply this plan?", saved: saved})
}

// approval is what a plan needs before it is executed.
type approval struct {
	// question is asked first.
	question string
	// saved is the file of the plan that must still be the present one.
	saved string
}

// change plans, shows the plan, asks, and executes it.
func (g *changer) change(ctx context.Context, s *session, req deploy.Request, needs approval) error {
	g.say("%s", s.header())
	saved, err := readPlan(needs.saved)
	if err != nil {
		return err
	}
	p, err := s.Plan(ctx, req, g.observer())
	if err != nil {
		return err
	}
	g.saySource(p, s.Stack())
	if saved != nil {
		if err := saved.Check(p); err != nil {
			return err
		}
	}
	if p.Empty() {
		return g.settle(ctx, s, p)
	}
	g.say("\n%s", plantext.Plan(p.Plan))
	g.sayKept(p)
	g.sayRefused(p)
	if err := g.consentSource(s, p); err != nil {
		return err
	}
	if p.Changes() {
		if err := g.consent(s, p, needs.question); err != nil {
			return err
		}
	}
	return g.execute(ctx, s, p)
}

// settle ends a plan with nothing to do, and with it a run that died just before
// its end.
func (g *changer) settle(ctx context.Context, s *session, p *deploy.Plan) error {
	g.say("%s", plantext.Summary(p.Plan))
	if err := g.consentSource(s, p); err != nil {
		return err
	}
	out, err := s.Apply(ctx, p, g.observer())
	if err != nil {
		return err
	}
	return g.finish(ctx, s, p, out, nil)
}

// execute carries out a plan that was agreed to.
func (g *changer) execute(ctx context.Context, s *session, p *deploy.Plan) error {
	deadline, why := p.Deadline()
	g.say("%s", deadlineText(deadline, why))
	wall := time.Now()
	show := progress.New(g.progressOptions(s, p))
	save := s.saving()
	out, err := s.Apply(ctx, p, g.showing(show))
	show.Close()
	err = errors.Join(err, save())
	if out == nil {
		return err
	}
	if err == nil {
		g.sayTimes(s, out, time.Since(wall))
	}
	return g.finish(ctx, s, p, out, g.diagnosed(ctx, s, p, out, err))
}

func (g *changer) progressOptions(s *session, p *deploy.Plan) progress.Options {
	mode := progress.Plain
	if g.live() {
		mode = progress.Live
	}
	if g.json {
		mode = progress.JSON
	}
	total := 0
	for _, a := range p.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			total++
		}
	}
	return progress.Options{
		Out: terminal.Raw(g.streams.Err), Mode: mode, Color: g.color(g.streams.Err), Size: g.size,
		Clock: s.Target.Clock, Total: total, Estimate: p.Estimate,
	}
}

// deadlineText is how long a run may take, and why.
func deadlineText(d time.Duration, why string) string {
	text := "deadline " + span(d)
	if d >= time.Minute && d%time.Minute == 0 {
		text = fmt.Sprintf("deadline %d min", int(d/time.Minute))
	}
	if why != "" {
		text += ": " + why
	}
	return text
}

// sayTimes says how long it took; in the sandbox the modelled time is marked.
func (g *changer) sayTimes(s *session, out *deploy.Outcome, wall time.Duration) {
	if s.world == nil {
		g.say("done in %s", span(wall))
		return
	}
	g.say("done in %s here; AWS would have taken %s (modelled)", span(wall), span(out.Elapsed))
}

// finish prints what the public reaches now, and passes err on.
func (g *changer) finish(ctx context.Context, s *session, p *deploy.Plan, out *deploy.Outcome, err error) error {
	if p.Request.Down {
		if err == nil {
			g.sayLeft(ctx, s, p)
		}
		return err
	}
	if g.json {
		return errors.Join(err, g.printJSON(map[string]any{"urls": out.URLs, "release": out.Release}))
	}
	for _, u := range out.URLs {
		g.print("%s  %s", u.Service, u.URL)
	}
	g.sayNames(ctx, s, p, out)
	if s.world != nil && len(out.URLs) > 0 {
		g.say("nothing listens at these addresses: this was the sandbox")
	}
	return err
}

// consent asks, and asks for the project's name where data goes.
func (g *changer) consent(s *session, p *deploy.Plan, question string) error {
	if !slices.ContainsFunc(p.Actions, (*engine.Action).LosesData) {
		return g.confirm(question)
	}
	return g.confirmName(s.Source.App.Name)
}
