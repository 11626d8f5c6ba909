package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
)

func newGraph(o *options) *cobra.Command {
	v := &graphVerb{console: o.console, source: o.source}
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
	*console
	source *sourceOptions
}

func (v *graphVerb) graph(ctx context.Context, format string) error {
	if !slices.Contains(graphFormats(), format) {
		return &remedyError{err: fmt.Errorf("--format %q: no such format", format), remedy: "use " + strings.Join(graphFormats(), ", ")}
	}
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
	switch {
	case err != nil:
		return err
	case v.json || format == "json":
		return v.printJSON(struct {
			Project     string `json:"project"`
			Environment string `json:"environment"`
			blueprint.Drawing
		}{a.Name, a.Env, blueprint.Draw(graph)})
	case format == "dot":
		v.print("%s", strings.TrimSuffix(blueprint.Draw(graph).DOT(), "\n"))
	case format == "mermaid":
		v.print("%s", strings.TrimSuffix(blueprint.Draw(graph).Mermaid(), "\n"))
	default:
		v.print("%s", blueprint.Text(graph))
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
