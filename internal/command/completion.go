package command

import (
	"strings"

	"github.com/spf13/cobra"
)

// completeServices lets the shell complete the names of services wherever a
// verb takes them. A file that cannot be read completes to nothing.
func completeServices(files *sourceOptions, root *cobra.Command) {
	names := func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		source, err := files.load(c.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		for _, w := range source.App.Workloads() {
			out = append(out, w.Name)
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	for _, c := range root.Commands() {
		if strings.Contains(c.Use, "[SERVICE...]") {
			c.ValidArgsFunction = names
		}
		completeServices(files, c)
	}
}
