package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/why"
)

func newRestart(o *cli.Options) *cobra.Command {
	v := &restartVerb{o.Opener()}
	return &cobra.Command{
		Use:        "restart [SERVICE...]",
		SuggestFor: []string{"redeploy", "reload"},
		Short:      "Replace the tasks of services by new ones of the same revision",
		Long: `restart starts a new deployment of what runs: nothing of the file is read into
it, no image is built, and jobs do not run. As with up, new tasks must be
healthy before old ones stop, and restart waits until they are. Without names it
restarts all services. While a deployment is under way, and after a run that
died, it changes nothing.`,
		Example: `  berth restart web
  berth -e prod restart --yes`,
		RunE: func(c *cobra.Command, args []string) error { return v.restart(c.Context(), args, o.Timeout) },
	}
}

// restartOutput is restart --json.
type restartOutput struct {
	cli.Place
	Restarted []string `json:"restarted"`
}

// restartVerb restarts services.
type restartVerb struct{ *cli.Opener }

func (v *restartVerb) restart(ctx context.Context, names []string, timeout time.Duration) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	r, err := s.PlanRestart(ctx, names, v.Observer())
	if err != nil {
		return err
	}
	if err := v.Agree(s, fmt.Sprintf("Restart %s?", strings.Join(r.Names, ", "))); err != nil {
		return err
	}
	took, err := carryOut(v.Opener, s, work{
		names: r.Names, addresses: r.Addresses(), doing: "restarting", ended: "restarted",
		apply: func(observe deploy.Observer) ([]why.Answer, error) { return r.Restart(ctx, timeout, observe) },
	})
	if err != nil {
		return err
	}
	v.Say("restarted %s in %s", strings.Join(r.Names, ", "), took)
	if v.JSON {
		return v.PrintJSON(restartOutput{s.Place(), r.Names})
	}
	return nil
}
