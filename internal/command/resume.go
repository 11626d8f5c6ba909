package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/scale"
)

func newResume(o *cli.Options) *cobra.Command {
	v := &scaleVerb{Opener: o.Opener(), doing: "resuming", ended: "resumed"}
	return &cobra.Command{
		Use:   "resume SERVICE...",
		Short: "Start the tasks of services that were paused",
		Long: `resume starts as many tasks as the services had before they were paused, and
waits until they are healthy.`,
		Example: `  berth resume worker
  berth -e staging resume web worker --yes`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return v.run(c.Context(), o.Timeout, func(ctx context.Context, p *deploy.Project) (*scale.Plan, error) {
				return scale.Resume(ctx, p, args, v.Observer())
			})
		},
	}
}
