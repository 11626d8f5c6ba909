package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
)

func newGraph(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "graph",
		Short: "Show the resources that the file stands for, and what each needs",
		Long: `graph reads no AWS: account and zones are placeholders, and the network's range
is the one that a new environment would get where no other VPC is in the way.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return g.graph(c.Context()) },
	}
}

func (g *globals) graph(ctx context.Context) error {
	_, a, notices, err := g.load(ctx)
	if err != nil {
		return err
	}
	g.printNotices(notices)
	facts, err := placeholderFacts(a.Environment, a.Region, g.region)
	if err != nil {
		return err
	}
	graph, err := blueprint.Build(a, facts)
	if err != nil {
		return err
	}
	text := blueprint.Text(graph)
	if g.json {
		return g.printJSON(map[string]any{"graph": text})
	}
	g.print("%s", text)
	return nil
}

// placeholderFacts stand for an account that nobody asked.
func placeholderFacts(environment string, regions ...string) (blueprint.Facts, error) {
	region := "eu-central-1"
	for _, r := range regions {
		if r != "" {
			region = r
		}
	}
	cidr, err := blueprint.ChooseCIDR(environment, nil)
	return blueprint.Facts{
		Account: "000000000000", Region: region, Partition: "aws", CIDR: cidr,
		Zones: []string{region + "a", region + "b", region + "c"},
	}, err
}
