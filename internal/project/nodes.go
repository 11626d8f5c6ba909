package project

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// The bounds of one file's tree, with aliases expanded.
const (
	maxNodes = 50_000
	maxDepth = 60
)

// bounded refuses a tree that is too deep, too large, or has a cycle.
func bounded(root *yaml.Node) error {
	left := maxNodes
	var visit func(n *yaml.Node, depth int) error
	visit = func(n *yaml.Node, depth int) error {
		if left--; left < 0 {
			return fmt.Errorf("it has more than %d nodes with aliases expanded", maxNodes)
		}
		if depth > maxDepth {
			return fmt.Errorf("it is nested more than %d levels deep", maxDepth)
		}
		if n.Kind == yaml.AliasNode {
			return visit(n.Alias, depth+1)
		}
		for _, c := range n.Content {
			if err := visit(c, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(root, 0)
}

// walk notes the place of every key of a document. With uses it also notes
// where variables are used.
func (s *scan) walk(doc *yaml.Node, file string, pos *Positions, uses bool) {
	w := walker{scan: s, file: s.short(file), pos: pos, uses: uses}
	w.node(doc, "")
}

type walker struct {
	*scan
	file string
	pos  *Positions
	uses bool
}

func (w *walker) node(n *yaml.Node, path string) {
	n = alias(n)
	switch n.Kind {
	case yaml.MappingNode:
		w.mapping(n, path)
	case yaml.SequenceNode:
		for i, item := range n.Content {
			at := Position{w.file, item.Line}
			w.pos.at[Item(path, i)] = at
			if item := alias(item); item.Kind == yaml.ScalarNode {
				name, _, _ := strings.Cut(item.Value, "=")
				w.pos.at[Child(path, name)] = at
			}
			w.node(item, Item(path, i))
		}
	case yaml.ScalarNode:
		w.inherited(n, path)
		if !strings.Contains(n.Value, "$") {
			return
		}
		u := use{path: path, text: n.Value, at: Position{w.file, n.Line}}
		w.texts = append(w.texts, u)
		if w.uses {
			w.scan.uses = append(w.scan.uses, u)
		}
	}
}

// inherited notes a key of an environment without a value, which gets the value of
// the variable of its name.
func (w *walker) inherited(n *yaml.Node, path string) {
	parent := parentPath(path)
	key, ok := strings.CutPrefix(path, parent+".")
	text := "${" + key + "}"
	if !ok {
		key, text = n.Value, n.Value+"=${"+n.Value+"}"
	}
	if strings.HasSuffix(parent, ".environment") && (ok && n.Tag == "!!null" || !ok && !strings.Contains(key, "=")) {
		w.texts = append(w.texts, use{path: path, text: text, at: Position{w.file, n.Line}})
	}
}

func (w *walker) mapping(n *yaml.Node, path string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "<<" {
			continue
		}
		merged := alias(n.Content[i+1])
		if merged.Kind == yaml.SequenceNode {
			for _, m := range merged.Content {
				w.node(m, path)
			}
			continue
		}
		w.node(merged, path)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Value == "<<" {
			continue
		}
		at := Child(path, key.Value)
		if value.Tag == "!reset" || value.Tag == "!override" {
			w.pos.forget(at)
		}
		if value.Tag == "!reset" {
			continue
		}
		w.pos.at[at] = Position{w.file, key.Line}
		w.node(value, at)
	}
}

// child is the value of a key of a mapping, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	n = alias(n)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return alias(n.Content[i+1])
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "<<" {
			if c := child(n.Content[i+1], key); c != nil {
				return c
			}
		}
	}
	return nil
}

// scalars are a scalar, or the scalars of a list.
func scalars(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for _, c := range n.Content {
		c = alias(c)
		if c.Kind == yaml.MappingNode {
			c = child(c, "path")
		}
		if c != nil && c.Kind == yaml.ScalarNode {
			out = append(out, c)
		}
	}
	return out
}

// alias is the node that an alias stands for. Cycles were refused before.
func alias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

// yamlProblem makes a problem of the parser's error, with the line as its place.
func yamlProblem(file string, err error) Problem {
	p := Problem{At: Position{File: file}, What: "the file is not YAML", Why: err.Error(), Remedy: "check the indentation and the quotes near this line"}
	var typed *yaml.TypeError
	if errors.As(err, &typed) && len(typed.Errors) > 0 {
		p.Why = typed.Errors[0]
	}
	if m := yamlLine.FindStringSubmatch(p.Why); m != nil {
		p.At.Line, _ = strconv.Atoi(m[1])
		p.Why = m[2]
	}
	return p
}
