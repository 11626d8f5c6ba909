package blueprint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/engine"
)

// Text renders a graph for users: each resource with its owner, its address, its
// attributes with credentials hidden, its labels, and what it waits for. Resources
// are in the order in which the graph was built, which is deterministic.
func Text(g *engine.Graph) string {
	var out strings.Builder
	var owner engine.Owner
	for _, n := range sortedByOwner(g) {
		if n.Address.Owner != owner {
			owner = n.Address.Owner
			fmt.Fprintf(&out, "# %s\n", owner)
		}
		writeNode(&out, n)
	}
	return out.String()
}

func writeNode(out *strings.Builder, n *engine.Node) {
	fmt.Fprintf(out, "%s\n", n.Address)
	for _, a := range engine.AttrsOf(n.Resource) {
		if a.Value != "" {
			fmt.Fprintf(out, "  %s: %s\n", a.Name, a.Text())
		}
	}
	for _, k := range slices.Sorted(maps.Keys(n.Labels)) {
		fmt.Fprintf(out, "  label %s: %s\n", k, credential.Hide(n.Labels[k]))
	}
	for _, e := range n.Edges() {
		need := "exists"
		if e.Need == engine.Ready {
			need = "is ready"
		}
		fmt.Fprintf(out, "  after %s %s\n", e.To, need)
	}
}

// sortedByOwner are the nodes, those of the environment first, otherwise in order.
func sortedByOwner(g *engine.Graph) []*engine.Node {
	nodes := g.Nodes()
	slices.SortStableFunc(nodes, func(x, y *engine.Node) int {
		switch {
		case x.Address.Owner == y.Address.Owner:
			return 0
		case x.Address.Owner.IsEnvironment():
			return -1
		}
		return 1
	})
	return nodes
}
