package command

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
)

func newVersion(o *cli.Options) *cobra.Command {
	c := o.Console
	return &cobra.Command{
		Use: "version", Short: "Print the version of berth", Args: cobra.NoArgs,
		Example: `  berth version
  berth version --json`,
		RunE: func(*cobra.Command, []string) error {
			if c.JSON {
				return c.PrintJSON(map[string]string{
					"berth": o.Build.Version, "commit": o.Build.Commit, "date": o.Build.Date,
					"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH,
				})
			}
			c.Print("berth %s (%s, %s/%s)", o.Build.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
