package project

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/compose-spec/compose-go/v2/tree"
	"gopkg.in/yaml.v3"
)

// composeSpec is Compose's schema with berth's bounds. It is compiled when first
// needed, which is rare: most files have no values that could be out of bounds.
var composeSpec = sync.OnceValues(func() (*checkedSchema, error) {
	text, err := strictSchema(schema.Schema)
	if err != nil {
		return nil, err
	}
	return compileSchema(text, "")
})

// schemaProblems validates files with Compose's schema to find all their problems;
// compose-go reports only the first. In files that compose-go accepted it checks
// the bounds only, and x-berth is checked later.
func (l *reader) schemaProblems(files []string, taken bool) []Problem {
	var spec *checkedSchema
	options := l.interpolate
	options.TypeCastMapping = lenient(options.TypeCastMapping)
	var problems []Problem
	for _, f := range files {
		decoder := yaml.NewDecoder(bytes.NewReader(l.scan.content[f]))
		for {
			var node yaml.Node
			if err := decoder.Decode(&node); err != nil {
				break
			}
			withoutResets(&node)
			var doc map[string]any
			if err := node.Decode(&doc); err != nil {
				break
			}
			filled, err := interpolation.Interpolate(doc, options)
			if err != nil {
				break
			}
			delete(filled, "version")
			if _, err := json.Marshal(filled); err != nil {
				break // compose-go reports the problem and its place
			}
			// Of a file that is only extended, compose-go checks one service only.
			if taken && len(l.scan.pos.files) == 0 && withinBounds(filled, "") {
				continue // compose-go has checked everything except the bounds
			}
			if spec == nil {
				var err error
				if spec, err = composeSpec(); err != nil {
					return nil
				}
			}
			problems = append(problems, spec.check(filled, "", l.scan.pos)...)
			if !taken {
				problems = append(problems, l.xBerthProblems(filled)...)
			}
		}
	}
	return problems
}

// withoutResets removes the keys with !reset, whose values Compose ignores.
func withoutResets(n *yaml.Node) {
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	var kept []*yaml.Node
	for i := 0; i+step <= len(n.Content); i += step {
		if value := n.Content[i+step-1]; value.Tag != "!reset" {
			withoutResets(value)
			kept = append(kept, n.Content[i:i+step]...)
		}
	}
	n.Content = kept
}

// xBerthProblems validates the x-berth keys of a file that could not be loaded, so
// that the user sees all problems in one run.
func (l *reader) xBerthProblems(doc map[string]any) []Problem {
	k := keyReader{Project: &Project{Positions: l.scan.pos}}
	k.read("#/$defs/environment", xBerth, k.translated("", doc, nil), "", &XBerth{})
	services, _ := doc["services"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		s, _ := services[name].(map[string]any)
		path := Child("services", name)
		k.read("#/$defs/service", Child(path, xBerth), k.translated(path, s, nil), " of service "+name, &XService{})
	}
	return k.Problems
}

// isFinite says whether JSON can represent a value.
func isFinite(value any) bool {
	switch f := value.(type) {
	case float64:
		return !math.IsNaN(f) && !math.IsInf(f, 0)
	case float32:
		return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0)
	}
	return true
}

// lenient conversions keep a text that does not have the type that its key needs,
// so that the schema reports it.
func lenient(casts map[tree.Path]interpolation.Cast) map[tree.Path]interpolation.Cast {
	out := make(map[tree.Path]interpolation.Cast, len(casts))
	for path, cast := range casts {
		out[path] = func(text string) (any, error) {
			value, err := cast(text)
			if err != nil || !isFinite(value) {
				return text, nil //nolint:nilerr // the schema reports it with its place
			}
			return value, nil
		}
	}
	return out
}
