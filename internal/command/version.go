package command

import (
	"runtime"

	"github.com/spf13/cobra"
)

func newVersion(o *options) *cobra.Command {
	c := o.console
	return &cobra.Command{
		Use: "version", Short: "Print the version of berth", Args: cobra.NoArgs,
		Example: `  berth version
  berth version --json`,
		RunE: func(*cobra.Command, []string) error {
			if c.json {
				return c.printJSON(map[string]string{
					"berth": o.build.Version, "commit": o.build.Commit, "date": o.build.Date,
					"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH,
				})
			}
			c.print("berth %s (%s, %s/%s)", o.build.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
