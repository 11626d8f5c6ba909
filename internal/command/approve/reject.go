package approve

import (
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
)

// NewReject is the command reject.
func NewReject(o *cli.Options) *cobra.Command {
	v := &verb{o.Opener()}
	return &cobra.Command{
		Use:   "reject SERVICE",
		Short: "Send a deployment back to the old tasks",
		Long: `reject ends a deployment that moves traffic, whether or not it waits for an
approval: ECS sends all traffic back to the old tasks, which still run, and
stops the new ones. An up that waits for it fails and says so.`,
		Example: `  berth -e prod reject web`,
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return v.answer(c.Context(), args[0], false) },
	}
}
