package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/scale"
)

func newPause(o *cli.Options) *cobra.Command {
	v := &scaleVerb{Opener: o.Opener(), doing: "pausing", ended: "paused"}
	return &cobra.Command{
		Use:   "pause SERVICE...",
		Short: "Stop all tasks of services, until they are resumed",
		Long: `pause stops the tasks of services and keeps everything else: names, addresses,
the load balancer. up changes nothing of that until the number of tasks changes
in the file. If the load decides how many tasks run, that is suspended too.`,
		Example: `  berth pause worker
  berth -e staging pause web worker --yes`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return v.run(c.Context(), o.Timeout, func(ctx context.Context, p *deploy.Project) (*scale.Plan, error) {
				return scale.Pause(ctx, p, args, v.Observer())
			})
		},
	}
}
