package command

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app/catalog"
)

func newComposePorts(o *options) *cobra.Command {
	c := o.console
	return &cobra.Command{
		Use:   "ports",
		Short: "Show by which images and ports berth tells what speaks HTTP",
		Long: `ports shows the table that decides whether a published port is HTTP, and so has
a listener on the load balancer, when neither app_protocol nor x-berth.protocol
says it. A port that is not in the table stays private.`,
		Example: `  berth compose ports`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			list := catalog.Ports()
			if c.json {
				return c.printJSON(list)
			}
			rows := [][]string{{"IMAGE", "PORT", "HTTP", "USED BY"}}
			for _, r := range list {
				image, port, http := r.Image, strconv.Itoa(r.From), "no"
				if image == "" {
					image = "any"
				}
				if r.To != r.From {
					port += "-" + strconv.Itoa(r.To)
				}
				if r.HTTP {
					http = "yes"
				}
				rows = append(rows, []string{image, port, http, r.Usage})
			}
			return table(c.streams.Out, rows)
		},
	}
}
