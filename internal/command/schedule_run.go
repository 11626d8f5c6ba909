package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/oneoff"
	"github.com/berthdev/berth/internal/status"
)

func newScheduleRun(v *scheduleVerb) *cobra.Command {
	var follow bool
	c := &cobra.Command{
		Use:   "run [JOB]",
		Short: "Start a run now, as the schedule would",
		Long: `run starts one task as the schedule does, with its variables, and prints the
task's id. The schedule may be paused. With --follow it shows the logs until the
run has ended, and exits with 3 if that failed. The name may be left out if
there is one schedule.`,
		Example: `  berth schedule run backup
  berth schedule run backup --follow`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return v.run(c.Context(), name, follow)
		},
	}
	c.Flags().BoolVar(&follow, "follow", false, "show the logs until the run has ended")
	return c
}

// scheduleRunOutput is schedule run --json.
type scheduleRunOutput struct {
	cli.Place
	Name string `json:"name"`
	// Task is the task's ARN.
	Task string `json:"task"`
	// Run is how it ended, with --follow.
	Run *status.Run `json:"run,omitempty"`
}

func (v *scheduleVerb) run(ctx context.Context, name string, follow bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	save := s.Saving()
	r, err := s.Scheduling().RunSchedule(ctx, name)
	if err != nil {
		return errors.Join(err, save())
	}
	out := scheduleRunOutput{Place: s.Place(), Name: r.Name, Task: r.Task}
	if follow {
		v.Say("started task %s of %s", render.ShortID(ecs.LastPart(r.Task)), r.Name)
		run, err := v.follow(ctx, s, r)
		out.Run = &run
		if err := errors.Join(err, save()); err != nil {
			return err
		}
	} else if err := save(); err != nil {
		return err
	}
	switch {
	case v.JSON:
		err = v.PrintJSON(out)
	case !follow:
		v.Print("%s", ecs.LastPart(r.Task))
		v.Say("`berth logs %s` shows what it writes", r.Name)
	default:
		v.Say("%s: %s", r.Name, out.Run.State)
	}
	if err == nil && out.Run != nil && out.Run.State == status.Failed {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: fmt.Errorf("%s failed: %s", r.Name, out.Run.Reason)}
	}
	return err
}

// follow shows the logs of a run until it has ended; with --json only how it ended.
func (v *scheduleVerb) follow(ctx context.Context, s *cli.Session, r *deploy.ScheduleRun) (status.Run, error) {
	show := func(status.Line) error { return nil }
	if !v.JSON {
		show = (&logsVerb{v.Opener}).printer([]string{r.Name}, false)
	}
	run, err := oneoff.Of(s.Project, r.Name, r.Task)
	if err != nil {
		return status.Run{}, err
	}
	var ends []oneoff.End
	v.Quietly(func() { ends, err = run.Wait(ctx, 0, show, func(string, string) {}) })
	if err != nil {
		return status.Run{}, err
	}
	out := status.Run{Task: ends[0].Task, State: status.Done, Started: ends[0].Began}
	if ends[0].Why != "" {
		out.State, out.Reason = status.Failed, ends[0].Why
	}
	return out, nil
}
