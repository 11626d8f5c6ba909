package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/command/cli"
)

func newGraph(o *cli.Options) *cobra.Command {
	v := &graphVerb{Console: o.Console, source: o.Source}
	var format string
	c := &cobra.Command{
		Use:   "graph",
		Short: "Show the resources that the file results in, and what each depends on",
		Long: `graph does not call AWS: account and zones are placeholders, and the network's
range is the one that a new environment gets if no other VPC overlaps it.
With --json it prints nodes and edges, with --format a drawing of them.`,
		Example: `  berth graph
  berth -e prod graph --json
  berth graph --format dot | dot -Tsvg > graph.svg
  berth graph --format mermaid   for a Markdown file`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.graph(c.Context(), format) },
	}
	c.Flags().StringVar(&format, "format", "text", "text, dot (Graphviz), mermaid or json")
	complete(c, "format", graphFormats()...)
	return c
}

func graphFormats() []string { return []string{"text", "dot", "mermaid", "json"} }

// graphVerb shows the graph of the files.
type graphVerb struct {
	*cli.Console
	source *cli.SourceOptions
}

func (v *graphVerb) graph(ctx context.Context, format string) error {
	if !slices.Contains(graphFormats(), format) {
		return &cli.RemedyError{Err: fmt.Errorf("--format %q: no such format", format), Advice: "use " + strings.Join(graphFormats(), ", ")}
	}
	source, err := v.source.Load(ctx)
	if err != nil {
		return err
	}
	v.PrintNotices(source.Notices)
	a := source.App
	facts, err := placeholderFacts(a.Environment, a.Region)
	if err != nil {
		return err
	}
	graph, err := blueprint.Build(a, facts)
	switch {
	case err != nil:
		return err
	case v.JSON || format == "json":
		return v.PrintJSON(struct {
			Project     string `json:"project"`
			Environment string `json:"environment"`
			blueprint.Drawing
		}{a.Name, a.Env, blueprint.Draw(graph)})
	case format == "dot":
		v.Print("%s", strings.TrimSuffix(blueprint.Draw(graph).DOT(), "\n"))
	case format == "mermaid":
		v.Print("%s", strings.TrimSuffix(blueprint.Draw(graph).Mermaid(), "\n"))
	default:
		v.Print("%s", blueprint.Text(graph))
	}
	return nil
}

// placeholderFacts are facts about an imaginary account: graph does not call AWS.
func placeholderFacts(environment, region string) (blueprint.Facts, error) {
	f := blueprint.Draft("000000000000", cmp.Or(region, "eu-central-1"), "aws")
	var err error
	f.CIDR, err = blueprint.ChooseCIDR(environment, nil)
	return f, err
}
