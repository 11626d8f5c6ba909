package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/oneoff"
)

func newStop(o *cli.Options) *cobra.Command {
	v := &stopVerb{o.Opener()}
	return &cobra.Command{
		Use:        "stop TASK...",
		SuggestFor: []string{"kill"},
		Short:      "Stop a task",
		Long: `stop ends tasks of the project: one-off tasks, a job's task, or a task of a
service, which starts another one in its place. TASK is an id as ps shows it.`,
		Example: `  berth stop 3f9a61c2
  berth -e prod stop --yes 3f9a61c2`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.stop(c.Context(), args) },
	}
}

// stopVerb stops tasks.
type stopVerb struct{ *cli.Opener }

// stopOutput is stop --json.
type stopOutput struct {
	cli.Place
	Stopped []string `json:"stopped"`
}

func (v *stopVerb) stop(ctx context.Context, ids []string) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, is := s.Source.App.Service(id); is {
			return &cli.RemedyError{
				Err:    fmt.Errorf("%s is a service, and stop takes the ids of tasks", id),
				Advice: "`berth pause " + id + "` stops all its tasks until it is resumed",
			}
		}
	}
	save := s.Saving()
	out := stopOutput{Place: s.Place()}
	for _, id := range ids {
		if id, err = v.one(ctx, s, id); err != nil {
			break
		}
		out.Stopped = append(out.Stopped, id)
	}
	if err = errors.Join(err, save()); err != nil || !v.JSON {
		return err
	}
	return v.PrintJSON(out)
}

// one stops a task, and returns its whole id.
func (v *stopVerb) one(ctx context.Context, s *cli.Session, id string) (string, error) {
	t, err := oneoff.Find(ctx, s.Project, id)
	if err != nil {
		return "", err
	}
	what := fmt.Sprintf("task %s of %s", render.ShortID(t.ID), t.Workload)
	switch {
	case t.OfService:
		what += ", which the service replaces by a new one"
	case !t.OneOff:
		what += ", the run of a job"
	}
	if err := v.Agree(s, "Stop "+what+"?"); err != nil {
		return "", err
	}
	if err := oneoff.Stop(ctx, s.Project, t); err != nil {
		return "", err
	}
	v.Say("stopping %s", what)
	return t.ID, nil
}
