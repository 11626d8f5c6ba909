package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/progress"
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
	wall := time.Now()
	show := progress.New(v.progressOptions(s, r))
	save := s.Saving()
	v.Shows(show)
	diagnoses, err := r.Restart(ctx, timeout, v.Showing(show))
	show.Close()
	v.Shows(nil)
	err = cli.InARun(errors.Join(err, save()))
	if err == nil {
		v.Say("restarted %s in %s", strings.Join(r.Names, ", "), clock.Span(time.Since(wall)))
		if v.JSON {
			return v.PrintJSON(restartOutput{s.Place(), r.Names})
		}
		return nil
	}
	return unhealthy(v.Console, diagnoses, err)
}

func (v *restartVerb) progressOptions(s *cli.Session, r *deploy.Restarts) progress.Options {
	o := v.Rendering(s)
	o.Total = len(r.Names)
	for i, a := range r.Addresses() {
		o.Services = append(o.Services, progress.Service{Name: r.Names[i], Address: a, Doing: "restarting", Ended: "restarted"})
	}
	return o
}
