package command

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
)

func newGraph(o *options) *cobra.Command {
	v := &graphVerb{console: o.console, source: o.source}
	return &cobra.Command{
		Use:   "graph",
		Short: "Show the resources that the file results in, and what each depends on",
		Long: `graph does not call AWS: account and zones are placeholders, and the network's
range is the one that a new environment gets if no other VPC overlaps it.`,
		Example: `  berth graph
  berth -e prod graph`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.graph(c.Context()) },
	}
}

// graphVerb shows the graph of the files.
type graphVerb struct {
	*console
	source *sourceOptions
}

func (v *graphVerb) graph(ctx context.Context) error {
	source, err := v.source.load(ctx)
	if err != nil {
		return err
	}
	v.printNotices(source.Notices)
	a := source.App
	facts, err := placeholderFacts(a.Environment, a.Region)
	if err != nil {
		return err
	}
	graph, err := blueprint.Build(a, facts)
	if err != nil {
		return err
	}
	text := blueprint.Text(graph)
	if v.json {
		return v.printJSON(map[string]any{"graph": text})
	}
	v.print("%s", text)
	return nil
}

// placeholderFacts are facts about an imaginary account: graph does not call AWS.
func placeholderFacts(environment, region string) (blueprint.Facts, error) {
	f := blueprint.Draft("000000000000", cmp.Or(region, "eu-central-1"), "aws")
	var err error
	f.CIDR, err = blueprint.ChooseCIDR(environment, nil)
	return f, err
}
