package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/state"
)

func newUp(o *cli.Options) *cobra.Command {
	v := &changer{Opener: o.Opener()}
	var req deploy.Request
	var saved string
	c := &cobra.Command{
		Use:     "up [SERVICE...]",
		Aliases: []string{"deploy"}, SuggestFor: []string{"apply", "create", "start", "run"},
		Short: "Make AWS match the Compose file",
		Long: `up makes a plan, shows it, asks, and applies it. Services that have not changed
are not touched. With names, only those services and what they need are brought
up, and nothing is removed.`,
		Example: `  berth up                     the whole project
  berth up --yes api           one service, without asking
  berth -e prod up             with compose.prod.yaml and .env.prod
  berth --sandbox up           on a modelled AWS, without an account
  berth plan --json > p.json   a plan to review first, and
  berth up --yes --plan p.json to apply only if it still holds`,
		RunE: func(c *cobra.Command, args []string) error {
			req.Services, req.Timeout = args, o.Timeout
			return v.up(c.Context(), req, saved)
		},
	}
	c.Flags().BoolVar(&req.RemoveOrphans, "remove-orphans", false, "also remove services that are not in the file, if no record says which source deployed them")
	takeOverFlag(c, &req)
	c.Flags().BoolVar(&req.NewEnvironment, "new-environment", false, "make the environment of -e although its name is almost that of another one")
	c.Flags().StringArrayVar(&req.Adopt, "adopt", nil, "take over the existing object for this ADDRESS, such as ecs.cluster/main")
	c.Flags().StringVar(&saved, "plan", "", "go on only if the plan is still the one in this `FILE`, which plan --json wrote")
	cli.VerboseFlag(c, &v.verbose)
	duplicates(c, &req)
	return c
}

// duplicates adds the flag that names duplicate objects to delete: berth never
// deletes one unasked.
func duplicates(c *cobra.Command, req *deploy.Request) {
	c.Flags().StringArrayVar(&req.DeleteDuplicates, "delete-duplicate", nil,
		"delete this duplicate object, TYPE/ID as plan names it, with everything in it")
}

// changer is what up and down share.
type changer struct {
	*cli.Opener
	// verbose shows plans by resource.
	verbose bool
}

func (v *changer) up(ctx context.Context, req deploy.Request, saved string) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if !v.verbose {
		cli.HoldNotices(v.Console)
	}
	v.PrintNotices(s.Source.Notices)
	if len(s.Source.App.Placeholders) > 0 {
		cli.SayNotices(v.Console)
		return &deploy.PlaceholderError{Placeholders: s.Source.App.Placeholders}
	}
	return v.change(ctx, s, req, approval{question: "Apply this plan?", saved: saved})
}

// approval is what a plan needs before it is applied.
type approval struct {
	// question is asked first.
	question string
	// saved is the file of the plan that must still be the present one.
	saved string
}

// change makes a plan, shows it, asks, and applies it.
func (v *changer) change(ctx context.Context, s *cli.Session, req deploy.Request, needs approval) error {
	v.Say("%s", s.Header())
	saved, err := readPlan(needs.saved)
	if err != nil {
		return err
	}
	p, err := s.Plan(ctx, req, v.Observer())
	cli.SayNotices(v.Console)
	if err != nil {
		return err
	}
	saySource(v.Console, p, s.Stack())
	if saved != nil {
		if err := saved.Check(p); err != nil {
			return err
		}
	}
	if p.Empty() {
		return v.settle(ctx, s, p)
	}
	sayKept(v.Console, p)
	sayRefused(v.Console, p)
	v.SayPlan(p, v.verbose)
	if err := v.consentSource(s, p); err != nil {
		return err
	}
	if p.Changes() {
		if err := v.consent(s, p, needs.question); err != nil {
			return err
		}
	}
	return v.execute(ctx, s, p)
}

// settle finishes a plan with nothing to do. That also completes a run that died
// just before its end.
func (v *changer) settle(ctx context.Context, s *cli.Session, p *deploy.Plan) error {
	v.Say("%s", plantext.Summary(p.Plan))
	if err := v.consentSource(s, p); err != nil {
		return err
	}
	out, err := s.Apply(ctx, p, v.Observer())
	if err != nil {
		return err
	}
	return v.finish(ctx, s, p, out, nil)
}

// execute applies a plan that the user agreed to.
func (v *changer) execute(ctx context.Context, s *cli.Session, p *deploy.Plan) error {
	deadline, why := p.Deadline()
	v.Say("%s", deadlineText(deadline, why))
	wall := time.Now()
	show := progress.New(v.progressOptions(s, p))
	save := s.Saving()
	v.Shows(show)
	out, err := s.Apply(ctx, p, v.Showing(show))
	show.Close()
	v.Shows(nil)
	err = cli.InARun(errors.Join(err, save()))
	if out == nil {
		return err
	}
	if err == nil {
		sayTimes(v.Console, s, out, time.Since(wall))
	}
	return v.finish(ctx, s, p, out, v.diagnosed(ctx, s, p, out, err))
}

func (v *changer) progressOptions(s *cli.Session, p *deploy.Plan) progress.Options {
	o := v.Rendering(s)
	o.Estimate, o.Services = p.Estimate, cli.ServicesOf(s, p)
	for _, a := range p.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			o.Total++
		}
	}
	return o
}

// deadlineText is how long a run may take, and why: --timeout, or its slowest step.
func deadlineText(d time.Duration, why string) string {
	text := "deadline " + clock.Span(d)
	if d >= time.Minute && d%time.Minute == 0 {
		text = fmt.Sprintf("deadline %d min", int(d/time.Minute))
	}
	switch why {
	case "":
	case "--timeout":
		text += ", by --timeout"
	default:
		text += ": on a slow day most of it goes to " + why
	}
	return text
}

// sayTimes says how long it took; in the sandbox the modelled time is marked.
func sayTimes(c *cli.Console, s *cli.Session, out *deploy.Outcome, wall time.Duration) {
	if s.World == nil {
		c.Say("done in %s", clock.Span(wall))
		return
	}
	c.Say("done in %s here; AWS would have taken %s (modelled)", clock.Span(wall), clock.Span(out.Elapsed))
}

// upOutput is up --json.
type upOutput struct {
	cli.Place
	URLs []blueprint.URL `json:"urls"`
	// Reach says of each of them what it lacks.
	Reach []deploy.Reach `json:"reach"`
	// Release is the record that was written; there is none if nothing was done.
	Release *state.Release `json:"release,omitempty"`
}

// finish prints the public addresses, and returns err.
func (v *changer) finish(ctx context.Context, s *cli.Session, p *deploy.Plan, out *deploy.Outcome, err error) error {
	if p.Request.Down {
		if err == nil {
			sayLeft(ctx, v.Console, s, p)
		}
		return err
	}
	if v.JSON {
		return errors.Join(err, v.PrintJSON(upOutput{s.Place(), out.URLs, out.Reach, out.Release}))
	}
	for _, u := range out.URLs {
		v.Print("%s  %s", u.Service, u.URL)
	}
	if err == nil && len(out.URLs) == 0 && len(s.Source.App.Services) > 0 {
		v.Say("nothing is reachable from the internet: no service has a public port; x-berth.host or x-berth.public: true makes one public")
	}
	sayNames(ctx, v.Console, s, p, out)
	if s.World != nil && len(out.URLs) > 0 {
		v.Say("nothing listens at these addresses, because this was the sandbox")
	}
	return err
}

// consent asks for confirmation, or for the project's name if data is deleted. A
// name of an environment that looks mistyped is asked about, too; with --yes it is
// refused.
func (v *changer) consent(s *cli.Session, p *deploy.Plan, question string) error {
	if v.Yes || !v.Interactive() {
		if err := p.CheckEnvironment(); err != nil {
			return err
		}
	}
	if p.Elsewhere != nil && p.Elsewhere.Meant != "" && !p.Request.NewEnvironment {
		question = fmt.Sprintf("%s\nMake the new environment %s?", p.Elsewhere, p.Elsewhere.Env)
	}
	ask := func() error { return v.Agree(s, question) }
	if slices.ContainsFunc(p.Actions, (*engine.Action).LosesData) {
		ask = func() error { return v.AgreeData(s) }
	}
	if err := ask(); err != nil {
		return err
	}
	p.Request.NewEnvironment = true
	return nil
}
