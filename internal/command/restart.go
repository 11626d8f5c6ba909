package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/progress"
)

func newRestart(o *options) *cobra.Command {
	v := &restartVerb{o.opener()}
	return &cobra.Command{
		Use:        "restart [SERVICE...]",
		SuggestFor: []string{"redeploy", "reload"},
		Short:      "Replace the tasks of services by new ones of the same revision",
		Long: `restart starts a new deployment of what runs: nothing of the file is read into
it, no image is built, and jobs do not run. As with up, new tasks must be
healthy before old ones stop, and restart waits until they are. Without names it
restarts all services.`,
		Example: `  berth restart web
  berth -e prod restart --yes`,
		RunE: func(c *cobra.Command, args []string) error { return v.restart(c.Context(), args, o.timeout) },
	}
}

// restartOutput is restart --json.
type restartOutput struct {
	place
	Restarted []string `json:"restarted"`
}

// restartVerb restarts services.
type restartVerb struct{ *opener }

func (v *restartVerb) restart(ctx context.Context, names []string, timeout time.Duration) error {
	s, err := v.open(ctx)
	if err != nil {
		return err
	}
	v.say("%s", s.header())
	r, err := s.PlanRestart(ctx, names, v.observer())
	if err != nil {
		return err
	}
	if err := v.agree(s, fmt.Sprintf("Restart %s?", strings.Join(r.Names, ", "))); err != nil {
		return err
	}
	wall := time.Now()
	show := progress.New(v.progressOptions(s, r))
	save := s.saving()
	v.shows(show)
	diagnoses, err := r.Restart(ctx, timeout, v.showing(show))
	show.Close()
	v.shows(nil)
	err = inARun(errors.Join(err, save()))
	if err == nil {
		v.say("restarted %s in %s", strings.Join(r.Names, ", "), clock.Span(time.Since(wall)))
		if v.json {
			return v.printJSON(restartOutput{s.place(), r.Names})
		}
		return nil
	}
	for _, d := range diagnoses {
		sayDiagnosis(v.console, d)
	}
	if !errors.Is(err, interrupt.Err) && deploy.Unhealthy(err) {
		return &exitError{code: exitUnhealthy, err: err}
	}
	return err
}

func (v *restartVerb) progressOptions(s *session, r *deploy.Restarts) progress.Options {
	o := v.rendering(s)
	o.Total = len(r.Names)
	for i, a := range r.Addresses() {
		o.Services = append(o.Services, progress.Service{Name: r.Names[i], Address: a, Doing: "restarting", Ended: "restarted"})
	}
	return o
}
