package command

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
)

func newComposePorts(o *cli.Options) *cobra.Command {
	c := o.Console
	return &cobra.Command{
		Use:   "ports",
		Short: "Show which ports of which images berth takes for HTTP",
		Long: `ports shows the ports that berth takes for HTTP, by image. The table counts for
a published port without app_protocol and x-berth.protocol: if it is in the
table, it gets a listener on the load balancer; otherwise it stays private.`,
		Example: `  berth compose ports`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			list := catalog.Ports()
			if c.JSON {
				return c.PrintJSON(map[string]any{"ports": list})
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
			return render.Table(c.Streams.Out, rows)
		},
	}
}
