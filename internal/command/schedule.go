package command

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/status"
)

func newSchedule(o *cli.Options) *cobra.Command {
	v := &scheduleVerb{o.Opener()}
	c := &cobra.Command{
		Use:   "schedule",
		Short: "List, run, pause and resume the schedules of jobs",
		Long: `A service with x-berth.schedule is a job that EventBridge Scheduler starts in
the account, whether or not berth runs. See docs/schedules.md.`,
	}
	c.AddCommand(newScheduleList(v), newScheduleRun(v), newSchedulePause(v), newScheduleResume(v))
	return c
}

// scheduleVerb is about the schedules of a project.
type scheduleVerb struct{ *cli.Opener }

func newScheduleList(v *scheduleVerb) *cobra.Command {
	return &cobra.Command{
		Use:     "ls [JOB...]",
		Aliases: []string{"list"},
		Short:   "List the schedules with their next runs, in their time zones",
		Example: `  berth schedule ls
  berth -e prod schedule ls --json`,
		RunE: func(c *cobra.Command, args []string) error { return v.list(c.Context(), args) },
	}
}

// scheduleListOutput is schedule ls --json.
type scheduleListOutput struct {
	cli.Place
	Schedules []status.Schedule `json:"schedules"`
}

func (v *scheduleVerb) list(ctx context.Context, names []string) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	list, err := s.Scheduling().Schedules(ctx, names)
	if err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(scheduleListOutput{s.Place(), append([]status.Schedule{}, list...)})
	}
	if len(list) == 0 {
		v.Say("%s has no schedule: x-berth.schedule gives a service one", s.Source.App.Name)
		return nil
	}
	rows := [][]string{{"JOB", "STATE", "SCHEDULE", "NEXT", "LAST RUN"}}
	for _, l := range list {
		rows = append(rows, scheduleRows(l, s.Target.Clock.Now())...)
	}
	return render.Table(v.Streams.Out, rows)
}

// scheduleRows are the rows of a schedule: one for each of its next runs.
func scheduleRows(l status.Schedule, now time.Time) [][]string {
	what := l.Expression
	if what != "" && !strings.HasPrefix(what, "rate") {
		what += " " + l.Zone
	}
	last := "-"
	if l.Last != nil {
		last = l.Last.State + " " + render.ShortID(l.Last.Task)
		if !l.Last.Started.IsZero() {
			last += ", " + render.Age(now.Sub(l.Last.Started)) + " ago"
		}
	}
	rows := [][]string{{l.Name, l.State, cmp.Or(what, "-"), "-", last}}
	for i, next := range l.Next {
		if i > 0 {
			rows = append(rows, []string{"", "", "", "", ""})
		}
		rows[i][3] = next.Format("Mon 2006-01-02 15:04 MST")
	}
	return rows
}

// scheduledNames are the jobs with a schedule.
func scheduledNames(a *app.App) []string {
	var out []string
	for _, j := range a.JobsOn(app.OnSchedule) {
		out = append(out, j.Name)
	}
	return out
}
