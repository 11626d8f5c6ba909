package engine

// Compose returns one graph of several, whose owners need one plan: their nodes
// in the order of the graphs. A node of one may refer to nodes of another; Check
// of the whole says whether they are there.
func Compose(graphs ...*Graph) *Graph {
	out := NewGraph()
	for _, g := range graphs {
		for _, a := range g.order {
			if _, dup := out.nodes[a]; !dup {
				out.nodes[a] = g.nodes[a]
			}
			out.order = append(out.order, a)
		}
	}
	return out
}
