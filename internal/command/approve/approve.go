package approve

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
)

// New is the command approve.
func New(o *cli.Options) *cobra.Command {
	v := &verb{o.Opener()}
	return &cobra.Command{
		Use:   "approve SERVICE",
		Short: "Let a deployment go on that waits for an approval",
		Long: `A deployment of a service with x-berth.rollout.approve waits at a stage until
it is approved or rejected, at most 24 hours: then it goes back to the old
tasks. See docs/rollouts.md.`,
		Example: `  berth -e prod approve web`,
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return v.answer(c.Context(), args[0], true) },
	}
}

// verb answers for a deployment.
type verb struct{ *cli.Opener }

// output is approve --json and reject --json.
type output struct {
	cli.Place
	Service string `json:"service"`
	// Answer is approved or rejected.
	Answer string `json:"answer"`
}

// alone refuses an answer that would be lost: a run that is under way in the sandbox has the
// modelled AWS in its own memory.
func alone(ctx context.Context, s *cli.Session) error {
	if s.World == nil {
		return nil
	}
	seen, err := s.Locker().Peek(ctx, s.Stack())
	if err != nil || seen.Record.Holder == nil {
		return err
	}
	return &cli.RemedyError{
		Err:    errors.New("a run is under way in the sandbox, and does not see what other processes do there"),
		Advice: "end it with Ctrl-C, answer, and run `berth up` again: it goes on; on AWS the run sees the answer",
	}
}

func (v *verb) answer(ctx context.Context, service string, approve bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	did, next := "approved", "the deployment goes on; `berth ps` shows how far it is"
	if !approve {
		did, next = "rejected", "all traffic goes back to the old tasks"
	}
	if err := alone(ctx, s); err != nil {
		return err
	}
	save := s.Saving()
	if err := deploy.Answer(ctx, s.Project, service, approve); err != nil {
		return err
	}
	if err := save(); err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(output{s.Place(), service, did})
	}
	v.Say("%s %s: %s", did, service, next)
	return nil
}
