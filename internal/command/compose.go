package command

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/command/cli"
)

// newCompose makes `berth compose VERB` the same as `berth VERB`, for users of
// docker compose, and adds the verbs about the Compose format.
func newCompose(o *cli.Options) *cobra.Command {
	c := &cobra.Command{Use: "compose", Short: "The same verbs for users of docker compose, and berth's tables of keys and ports"}
	c.AddCommand(verbs(o)...)
	c.AddCommand(newComposeKeys(o), newComposePorts(o))
	return c
}

func newComposeKeys(o *cli.Options) *cobra.Command {
	c := o.Console
	return &cobra.Command{
		Use:   "keys",
		Short: "Show what berth does with every key of the Compose format",
		Example: `  berth compose keys
  berth compose keys --json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all := keys.All()
			if c.JSON {
				return c.PrintJSON(map[string]any{"keys": all})
			}
			const indent, width = "    ", 76
			for _, k := range all {
				c.Print("%s: %s", k.Pattern, k.Fate)
				if k.Says != "" {
					says := ansi.Wordwrap(k.Says, width, "")
					c.Print("%s", indent+strings.ReplaceAll(says, "\n", "\n"+indent))
				}
			}
			return nil
		},
	}
}
