package engine

// Compose joins several graphs into one, so that their owners get one plan; the
// nodes keep the order of the graphs. A node of one graph may refer to nodes of
// another; Check of the joined graph says whether they exist.
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
