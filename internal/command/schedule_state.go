package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
)

func newSchedulePause(v *scheduleVerb) *cobra.Command {
	return &cobra.Command{
		Use:   "pause [JOB...]",
		Short: "Start no more runs until resume",
		Long: `pause disables schedules in AWS; what runs goes on. up leaves them paused, and
says so, until ` + "`berth schedule resume`" + ` or until enabled changes in the
file. Without names it pauses all schedules of the project.`,
		Example: `  berth schedule pause backup
  berth -e prod schedule pause --yes`,
		RunE: func(c *cobra.Command, args []string) error { return v.set(c.Context(), args, true) },
	}
}

func newScheduleResume(v *scheduleVerb) *cobra.Command {
	return &cobra.Command{
		Use:   "resume [JOB...]",
		Short: "Start runs again after pause",
		Long: `resume enables schedules in AWS again. Runs that were due meanwhile are not
made up for. Without names it resumes all schedules of the project.`,
		Example: `  berth schedule resume backup`,
		RunE:    func(c *cobra.Command, args []string) error { return v.set(c.Context(), args, false) },
	}
}

// scheduleSetOutput is schedule pause --json and schedule resume --json.
type scheduleSetOutput struct {
	cli.Place
	// Changed are the jobs whose schedule was otherwise before.
	Changed []string `json:"changed"`
}

// set pauses or resumes schedules.
func (v *scheduleVerb) set(ctx context.Context, names []string, pause bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	verb, did := "Resume", "resumed"
	if pause {
		verb, did = "Pause", "paused"
	}
	if all := scheduledNames(s.Source.App); len(names) == 0 && len(all) > 1 {
		if err := v.Agree(s, fmt.Sprintf("%s %s?", verb, strings.Join(all, ", "))); err != nil {
			return err
		}
	}
	save := s.Saving()
	changed, err := s.Scheduling().SetSchedules(ctx, names, pause, v.Observer())
	if err := errors.Join(err, save()); err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(scheduleSetOutput{s.Place(), append([]string{}, changed...)})
	}
	if len(changed) == 0 {
		v.Say("nothing to do: already %s", did)
		return nil
	}
	v.Say("%s %s", did, strings.Join(changed, ", "))
	return nil
}
