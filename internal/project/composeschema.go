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

// composeSpec is Compose's schema with berth's bounds. It is the same for every
// project and never changes, so it is compiled once in a process, if at all: most
// files have nothing that could be out of bounds.
var composeSpec = sync.OnceValues(func() (*checkedSchema, error) {
	text, err := strictSchema(schema.Schema)
	if err != nil {
		return nil, err
	}
	return compileSchema(text, "")
})

// schemaProblems validates files with Compose's own schema, to find all that
// is wrong with them; compose-go names the first problem only. Files that it has
// taken are only looked at for bounds, and x-berth is read later.
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
				break // compose-go says what is wrong, with its place
			}
			// Of a file that others only extend compose-go checks one service.
			if taken && len(l.scan.pos.files) == 0 && withinBounds(filled, "") {
				continue // compose-go has checked all but bounds
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

// withoutResets takes out what an overlay only takes out itself: behind !reset
// any value may stand.
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

// xBerthProblems validates the x-berth keys of one file that could not be
// loaded, so that they need no second run.
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

// isFinite says whether a value is something that JSON has a word for.
func isFinite(value any) bool {
	switch f := value.(type) {
	case float64:
		return !math.IsNaN(f) && !math.IsInf(f, 0)
	case float32:
		return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0)
	}
	return true
}

// lenient conversions leave a text that is not of the kind that its key needs,
// so that the schema says what is wrong with it.
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
