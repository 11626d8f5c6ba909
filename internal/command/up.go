package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/terminal"
)

func newUp(g *globals) *cobra.Command {
	var req run.Request
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
			req.Services, req.Timeout = args, g.timeout
			return g.up(c.Context(), req, saved)
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
func duplicates(c *cobra.Command, req *run.Request) {
	c.Flags().StringArrayVar(&req.DeleteDuplicates, "delete-duplicate", nil,
		"delete this second object, TYPE/ID as plan names it, with all that is in it")
}

func (g *globals) up(ctx context.Context, req run.Request, saved string) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	g.printNotices(s.notices)
	if len(s.App.Placeholders) > 0 {
		return &run.PlaceholderError{Placeholders: s.App.Placeholders}
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

// change prepares, shows, asks and executes; it is what up and down share.
func (g *globals) change(ctx context.Context, s *session, req run.Request, needs approval) error {
	g.say("%s", s.header())
	saved, err := readPlan(needs.saved)
	if err != nil {
		return err
	}
	p, err := s.Prepare(ctx, req)
	if err != nil {
		return err
	}
	g.printNotices(p.Notices)
	g.saySource(s, p)
	if saved != nil {
		if err := saved.Check(s.Session, p); err != nil {
			return err
		}
	}
	if p.Plan.Empty() {
		g.say("%s", plantext.Summary(p.Plan))
		if err := g.consentSource(s, p); err != nil {
			return err
		}
		out, err := s.Execute(ctx, p) // ends a run that died just before its end
		if err != nil {
			return err
		}
		return g.finish(ctx, s, p, out, nil)
	}
	g.say("\n%s", plantext.Plan(p.Plan))
	g.sayKept(p)
	g.sayRefused(p)
	if err := g.consentSource(s, p); err != nil {
		return err
	}
	if p.Plan.Changes() {
		if err := g.consent(s, p, needs.question); err != nil {
			return err
		}
	}
	deadline, why := p.Deadline()
	g.say("%s", deadlineText(deadline, why))
	wall := time.Now()
	show := progress.New(g.progressOptions(s, p))
	s.Emit = show.Event
	save := s.saving()
	out, err := s.Execute(ctx, p)
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

func (g *globals) progressOptions(s *session, p *run.Prepared) progress.Options {
	mode := progress.Plain
	if g.live() {
		mode = progress.Live
	}
	if g.json {
		mode = progress.JSON
	}
	total := 0
	for _, a := range p.Plan.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			total++
		}
	}
	return progress.Options{
		Out: terminal.Raw(g.streams.Err), Mode: mode, Color: g.color(g.streams.Err), Size: g.size,
		Clock: s.Clock, Total: total, Estimate: p.Plan.Estimate,
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
func (g *globals) sayTimes(s *session, out *run.Outcome, wall time.Duration) {
	if s.world == nil {
		g.say("done in %s", span(wall))
		return
	}
	g.say("done in %s here; AWS would have taken %s (modelled)", span(wall), span(out.Elapsed))
}

// finish prints what the public reaches now, and passes err on.
func (g *globals) finish(ctx context.Context, s *session, p *run.Prepared, out *run.Outcome, err error) error {
	if p.Request.Down {
		if err == nil {
			g.sayLeft(ctx, s, p)
		}
		return err
	}
	urls := withoutTLS(s.urls(p, out.Result), s.Hosts().Plain(p.Facts.Names, p.Graph, out.Result.Lives))
	if err != nil {
		urls = slices.DeleteFunc(urls, func(u blueprint.URL) bool { return !s.stands(out.Result, u.Service) })
	}
	if g.json {
		return errors.Join(err, g.printJSON(map[string]any{"urls": urls, "release": out.Release}))
	}
	for _, u := range urls {
		g.print("%s  %s", u.Service, u.URL)
	}
	g.sayNames(ctx, s, p, out)
	if s.world != nil && len(urls) > 0 {
		g.say("nothing listens at these addresses: this was the sandbox")
	}
	return err
}

// stands says whether a service exists after a run.
func (s *session) stands(r *engine.Result, service string) bool {
	_, ok := r.Lives[engine.Address{Owner: s.Stack(), Type: ecs.Service{}.Type(), Name: service}]
	return ok
}

// urls are the addresses, known once the balancers exist.
func (s *session) urls(p *run.Prepared, r *engine.Result) []blueprint.URL {
	hosts := status.Hosts{
		Application: r.Lives[blueprint.Balancer(s.App)].Output("dns"),
		Network:     r.Lives[blueprint.NetworkBalancer(s.App, false)].Output("dns"),
		Internal:    r.Lives[blueprint.NetworkBalancer(s.App, true)].Output("dns"),
	}
	if b := p.Facts.Given.Balancer; b != nil {
		hosts.Application = b.DNS
	}
	return addresses(s.App, hosts)
}

// consent asks, and asks for the project's name where data goes.
func (g *globals) consent(s *session, p *run.Prepared, question string) error {
	if !slices.ContainsFunc(p.Plan.Actions, (*engine.Action).LosesData) {
		return g.confirm(question)
	}
	return g.confirmName(s.App.Name)
}
