package blueprint

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/engine"
)

// Drawing is a graph as nodes and edges, for programs. Fields are only ever added
// to it.
type Drawing struct {
	Nodes []DrawnNode `json:"nodes"`
	Edges []DrawnEdge `json:"edges"`
}

// DrawnNode is a resource. ID is unique within the graph.
type DrawnNode struct {
	ID      string `json:"id"`
	Owner   string `json:"owner"`
	Address string `json:"address"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	// Attributes are the desired state, credentials hidden; Labels the user's tags.
	Attributes map[string]string `json:"attributes"`
	Labels     map[string]string `json:"labels"`
}

// DrawnEdge says that a resource waits for another one. Needs is exists, or ready
// where it is not enough that the other one exists.
type DrawnEdge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Needs string `json:"needs"`
}

// Draw returns a graph as nodes and edges, in the order of Text.
func Draw(g *engine.Graph) Drawing {
	d := Drawing{Nodes: []DrawnNode{}, Edges: []DrawnEdge{}}
	for _, n := range sortedByOwner(g) {
		node := DrawnNode{
			ID: drawnID(n.Address), Owner: n.Address.Owner.String(), Address: n.Address.String(),
			Type: n.Address.Type, Name: n.Address.Name, Attributes: map[string]string{}, Labels: map[string]string{},
		}
		for _, a := range engine.AttrsOf(n.Resource) {
			if a.Value != "" {
				node.Attributes[a.Name] = a.Text()
			}
		}
		for key, value := range n.Labels {
			node.Labels[key] = credential.Hide(value)
		}
		d.Nodes = append(d.Nodes, node)
		for _, e := range n.Edges() {
			needs := "exists"
			if e.Need == engine.Ready {
				needs = "ready"
			}
			d.Edges = append(d.Edges, DrawnEdge{From: node.ID, To: drawnID(e.To), Needs: needs})
		}
	}
	return d
}

func drawnID(a engine.Address) string { return a.Owner.String() + "/" + a.String() }

// byOwner are the nodes in groups, in their order.
func (d Drawing) byOwner() (owners []string, nodes map[string][]DrawnNode) {
	nodes = map[string][]DrawnNode{}
	for _, n := range d.Nodes {
		if _, seen := nodes[n.Owner]; !seen {
			owners = append(owners, n.Owner)
		}
		nodes[n.Owner] = append(nodes[n.Owner], n)
	}
	return owners, nodes
}

// DOT is the drawing for Graphviz: an arrow leads to what a resource waits for,
// dashed where it is enough that the other one exists.
func (d Drawing) DOT() string {
	var out strings.Builder
	out.WriteString("digraph berth {\n  rankdir=LR;\n  node [shape=box];\n")
	owners, nodes := d.byOwner()
	for i, owner := range owners {
		fmt.Fprintf(&out, "  subgraph cluster_%d {\n    label=%s;\n", i, dotText(owner))
		for _, n := range nodes[owner] {
			fmt.Fprintf(&out, "    %s [label=%s];\n", dotText(n.ID), dotText(n.Address))
		}
		out.WriteString("  }\n")
	}
	for _, e := range d.Edges {
		style := ""
		if e.Needs == "exists" {
			style = " [style=dashed]"
		}
		fmt.Fprintf(&out, "  %s -> %s%s;\n", dotText(e.From), dotText(e.To), style)
	}
	out.WriteString("}\n")
	return out.String()
}

func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}

// Mermaid is the drawing as a flow chart that GitHub and GitLab show in Markdown.
func (d Drawing) Mermaid() string {
	var out strings.Builder
	out.WriteString("flowchart LR\n")
	names := map[string]string{}
	for i, n := range d.Nodes {
		names[n.ID] = fmt.Sprintf("n%d", i)
	}
	owners, nodes := d.byOwner()
	for i, owner := range owners {
		fmt.Fprintf(&out, "  subgraph g%d[%s]\n", i, mermaidText(owner))
		for _, n := range nodes[owner] {
			fmt.Fprintf(&out, "    %s[%s]\n", names[n.ID], mermaidText(n.Address))
		}
		out.WriteString("  end\n")
	}
	for _, e := range d.Edges {
		arrow := "-->"
		if e.Needs == "exists" {
			arrow = "-.->"
		}
		fmt.Fprintf(&out, "  %s %s %s\n", names[e.From], arrow, names[e.To])
	}
	return out.String()
}

// mermaidText is a text in quotes; Mermaid has entities instead of a backslash.
func mermaidText(s string) string {
	return `"` + strings.NewReplacer(`"`, "#quot;", "#", "#35;", "\n", " ").Replace(s) + `"`
}
