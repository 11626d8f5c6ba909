package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/events"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
)

func newEvents(o *cli.Options) *cobra.Command {
	v := &eventsVerb{o.Opener()}
	var follow bool
	var since string
	c := &cobra.Command{
		Use:   "events [SERVICE...]",
		Short: "Show what happened: service events, tasks that stopped, deployments",
		Long: `events shows what ECS says of services and jobs, in the order of time: the
events of services, tasks that stopped and why, deployments that began and
ended. ECS keeps the last 100 events of a service, deployments for 90 days, and
a task for an hour after its end; with x-berth.events they are kept for 30 days.
As with logs, -f after events means --follow.`,
		Example: `  berth events
  berth events --since 1h web
  berth events --since 20d     with x-berth.events: true
  berth events -f              until Ctrl-C
  berth -e prod events --json`,
		RunE: func(c *cobra.Command, args []string) error { return v.events(c.Context(), args, since, follow) },
	}
	c.Flags().BoolVar(&follow, "follow", false, "keep showing events as they happen (-f after events)")
	c.Flags().StringVar(&since, "since", "", "only events since a time (2026-11-21T10:00:00Z) or of the last 10m, 1h30m, 2d")
	return c
}

// eventsVerb shows what happened.
type eventsVerb struct{ *cli.Opener }

func (v *eventsVerb) events(ctx context.Context, names []string, since string, follow bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	o := events.Options{Follow: follow}
	if o.Since, err = parseSince(since, s.Target.Clock.Now()); err != nil {
		return err
	}
	v.Quietly(func() { err = events.Show(ctx, s.Project, names, o, v.show) })
	if follow && errors.Is(err, interrupt.Err) {
		return &cli.ExitError{Code: interrupt.ExitCode}
	}
	return err
}

// show writes an event: a line, or an object.
func (v *eventsVerb) show(e events.Event) error {
	if v.JSON {
		data, err := render.JSON(e)
		if err != nil {
			return err
		}
		v.Print("%s", data)
		return v.Unwritten
	}
	text := e.Text
	if e.Task != "" {
		text = render.ShortID(e.Task) + " " + text
	}
	v.Print("%s", terminal.Line(fmt.Sprintf("%s  %s  %-10s  %s", e.Time.UTC().Format(time.RFC3339), e.Service, e.Kind, printable(render.ShortWords(text)))))
	return v.Unwritten
}
