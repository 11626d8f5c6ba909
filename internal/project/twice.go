package project

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// twice reports the keys that are in a mapping two times. YAML has no meaning for
// that, and the usual reason is that a text was pasted a second time, such as the
// overlay that berth offers.
func (s *scan) twice(n *yaml.Node, file string) {
	if n.Kind == yaml.MappingNode {
		first := map[string]*yaml.Node{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if key.Kind != yaml.ScalarNode {
				continue
			}
			before, known := first[key.Value]
			if !known {
				first[key.Value] = n.Content[i]
				continue
			}
			s.problems = append(s.problems, Problem{
				At:     Position{File: s.short(file), Line: key.Line},
				What:   fmt.Sprintf("the key %s is there twice: it is on line %d already", key.Value, before.Line),
				Remedy: remedyForTwice(key.Value, value, valueOf(n, before)),
			})
		}
	}
	for _, c := range n.Content {
		s.twice(c, file)
	}
}

// valueOf is the value behind a key of a mapping.
func valueOf(n, key *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i] == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func remedyForTwice(key string, a, b *yaml.Node) string {
	switch {
	case written(a) == written(b):
		return fmt.Sprintf("the text was pasted twice: remove one of the two, from %s: to the end of what is below it", key)
	case a.Kind == yaml.MappingNode && b.Kind == yaml.MappingNode:
		return fmt.Sprintf("merge the two: move what is below the second %s: under the first, and remove the second %s:", key, key)
	}
	return "remove one of the two"
}

// written is a node's text, without its comments.
func written(n *yaml.Node) string {
	var b strings.Builder
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		fmt.Fprintf(&b, "%d %s %q(", n.Kind, n.Tag, n.Value)
		for _, c := range n.Content {
			visit(c)
		}
		b.WriteByte(')')
	}
	visit(n)
	return b.String()
}
