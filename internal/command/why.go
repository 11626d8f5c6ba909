package command

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/terminal"
	"github.com/berthdev/berth/internal/why"
)

func newWhy(o *cli.Options) *cobra.Command {
	v := &whyVerb{o.Opener()}
	var exitCode bool
	c := &cobra.Command{
		Use:        "why [SERVICE|TASK|RELEASE...]",
		SuggestFor: []string{"diagnose", "explain", "doctor", "debug"},
		Short:      "Say why something does not run, or did not: the cause, the evidence, what to do",
		Long: `why names the cause on one line, with the evidence below it and the next
command. It reads what AWS says of a service, job or database, of a task by its
id (ECS knows tasks for an hour after their end), or of a release by its id.
Without names it answers for everything. It changes nothing.`,
		Example: `  berth why
  berth why web
  berth why 3f9a61c2           of a task, running or ended
  berth why 20261121T101502Z   of a release, as history shows it
  berth -e prod why --json`,
		RunE: func(c *cobra.Command, args []string) error { return v.why(c.Context(), args, exitCode) },
	}
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 3 if something is wrong now")
	return c
}

// whyOutput is why --json.
type whyOutput struct {
	cli.Place
	Answers []why.Answer `json:"answers"`
}

// whyVerb says why something does not run.
type whyVerb struct{ *cli.Opener }

func (v *whyVerb) why(ctx context.Context, asked []string, exitCode bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	answers, err := deploy.Why(ctx, s.Project, asked...)
	if err != nil {
		return err
	}
	if v.JSON {
		err = v.PrintJSON(whyOutput{s.Place(), answers})
	} else {
		for _, a := range answers {
			v.print(a)
		}
	}
	wrong := slices.ContainsFunc(answers, func(a why.Answer) bool { return a.State == why.Wrong || a.State == why.Absent })
	if err == nil && exitCode && wrong {
		return &cli.ExitError{Code: cli.ExitUnhealthy}
	}
	return err
}

// print writes an answer; the commands in it are whole before lines are broken.
func (v *whyVerb) print(a why.Answer) {
	for _, line := range answerText(a) {
		lines := []string{v.InFull(line)}
		if strings.HasPrefix(line, "  next: ") {
			lines = render.Wrapped(lines[0], "    ")
		}
		for _, l := range lines {
			v.Print("%s", terminal.Line(l))
		}
	}
}
