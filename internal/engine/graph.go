package engine

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Graph is the set of desired resources and what each needs of others.
type Graph struct {
	nodes map[Address]*Node
	order []Address
}

// NewGraph returns an empty graph.
func NewGraph() *Graph { return &Graph{nodes: map[Address]*Node{}} }

// Node is one desired resource in a graph.
type Node struct {
	Address  Address
	Resource Resource
	// Labels are the user's own tags.
	Labels map[string]string
	after  []Edge
}

// Edge is what a node needs of another.
type Edge struct {
	To   Address
	Need Need
}

// Add puts a resource into the graph and returns its node. Two resources at one
// address are the caller's mistake; Check reports it.
func (g *Graph) Add(o Owner, name string, r Resource) *Node {
	n := &Node{Address: Address{Owner: o, Type: r.Type(), Name: name}, Resource: r}
	if _, dup := g.nodes[n.Address]; !dup {
		g.nodes[n.Address] = n
	}
	g.order = append(g.order, n.Address)
	return n
}

// ID returns a reference to the resource's id.
func (n *Node) ID() Ref { return n.Output("id") }

// ARN returns a reference to the resource's ARN.
func (n *Node) ARN() Ref { return n.Output("arn") }

// Output returns a reference to a value that the resource has once it exists.
func (n *Node) Output(name string) Ref { return Ref{of: n.Address, output: name, bound: true} }

// After makes n wait for another resource without taking a value from it.
func (n *Node) After(other *Node, need Need) *Node {
	n.after = append(n.after, Edge{To: other.Address, Need: need})
	return n
}

// Label adds the user's own tags to the resource.
func (n *Node) Label(labels map[string]string) *Node {
	n.Labels = labels
	return n
}

// Node returns the resource at an address, or nil.
func (g *Graph) Node(a Address) *Node { return g.nodes[a] }

// Nodes are all resources in the order in which they were added.
func (g *Graph) Nodes() []*Node {
	nodes := make([]*Node, 0, len(g.nodes))
	for _, a := range g.order {
		nodes = append(nodes, g.nodes[a])
	}
	return nodes
}

// Wanted are the desired resources of one type, for Query.
func (g *Graph) Wanted(typ string) []Wanted {
	var out []Wanted
	for _, n := range g.Nodes() {
		if n.Address.Type == typ {
			out = append(out, Wanted{Address: n.Address, Resource: n.Resource})
		}
	}
	return out
}

// Edges are what the node needs of others: one edge per other resource, with
// the strongest need, in the order of first mention.
func (n *Node) Edges() []Edge {
	var edges []Edge
	add := func(e Edge) {
		for i := range edges {
			if edges[i].To == e.To {
				edges[i].Need = max(edges[i].Need, e.Need)
				return
			}
		}
		edges = append(edges, e)
	}
	eachRef(reflect.ValueOf(n.Resource), func(r Ref) {
		if to, _, need, ok := r.Of(); ok {
			add(Edge{To: to, Need: need})
		}
	})
	for _, e := range n.after {
		add(e)
	}
	return edges
}

// Check reports what makes a graph unusable: two resources at one address, a
// reference to nothing, a cycle. Any of them is a mistake in the blueprint.
func (g *Graph) Check() error {
	if len(g.order) != len(g.nodes) {
		seen := map[Address]bool{}
		for _, a := range g.order {
			if seen[a] {
				return fmt.Errorf("graph: two resources at %s", a)
			}
			seen[a] = true
		}
	}
	edges := map[Address][]Edge{}
	for _, n := range g.Nodes() {
		edges[n.Address] = n.Edges()
		for _, e := range edges[n.Address] {
			if g.nodes[e.To] == nil {
				return fmt.Errorf("graph: %s refers to %s, which is not in the graph", n.Address, e.To)
			}
		}
	}
	return g.checkCycles(edges)
}

func (g *Graph) checkCycles(edges map[Address][]Edge) error {
	const (
		open = 1
		done = 2
	)
	state := map[Address]int{}
	var path []string
	var visit func(a Address) error
	visit = func(a Address) error {
		switch state[a] {
		case done:
			return nil
		case open:
			return fmt.Errorf("graph: a cycle: %s", strings.Join(append(path, a.String()), " -> "))
		}
		state[a] = open
		path = append(path, a.String())
		for _, e := range edges[a] {
			if err := visit(e.To); err != nil {
				return err
			}
		}
		path = path[:len(path)-1]
		state[a] = done
		return nil
	}
	for _, a := range slices.Clone(g.order) {
		if err := visit(a); err != nil {
			return err
		}
	}
	return nil
}
