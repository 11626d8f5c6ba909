package project

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/berthdev/berth/internal/suggest"
)

// checkedSchema is a compiled JSON Schema with its text, from which it reads the
// keys that are allowed at a place.
type checkedSchema struct {
	compiled *jsonschema.Schema
	text     any
}

// compileSchema compiles a schema, or a part of it that ref names ("#/$defs/x").
func compileSchema(text []byte, ref string) (*checkedSchema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(compiledOnce())
	const name = "memory:///schema.json"
	if err := c.AddResource(name, doc); err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	compiled, err := c.Compile(name + ref)
	if err != nil {
		return nil, fmt.Errorf("compiling the schema: %w", err)
	}
	return &checkedSchema{compiled: compiled, text: doc}, nil
}

// compiledOnce compiles each pattern of a schema once: hundreds of places share the
// same bounds for numbers.
func compiledOnce() jsonschema.RegexpEngine {
	known := map[string]*regexp.Regexp{}
	return func(pattern string) (jsonschema.Regexp, error) {
		if known[pattern] == nil {
			compiled, err := regexp.Compile(pattern)
			if err != nil {
				return nil, err
			}
			known[pattern] = compiled
		}
		return known[pattern], nil
	}
}

// check validates the value at a path of the files.
func (s *checkedSchema) check(value any, path string, pos *Positions) []Problem {
	data, err := json.Marshal(value)
	var doc any
	if err == nil {
		doc, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	}
	if err != nil {
		return []Problem{{At: pos.At(path), What: path + " cannot be read", Why: err.Error(), Remedy: "write keys as text and numbers as numbers"}}
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(s.compiled.Validate(doc), &invalid) {
		return nil
	}
	var problems []Problem
	for _, leaf := range leaves(invalid) {
		at := path
		for _, key := range leaf.InstanceLocation {
			if i, err := strconv.Atoi(key); err == nil && !pos.Has(Child(at, key)) {
				at = Item(at, i)
			} else {
				at = Child(at, key)
			}
		}
		problems = append(problems, s.problems(leaf, at, pos)...)
	}
	return problems
}

// leaves are the errors to report: if all alternatives of a schema failed, only
// those of the alternative that fits best.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		best := slices.MaxFunc(e.Causes, func(a, b *jsonschema.ValidationError) int { return cmp.Compare(depth(a), depth(b)) })
		return leaves(best)
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	return out
}

// depth measures how well an alternative fits, by how deep its errors are.
func depth(e *jsonschema.ValidationError) int {
	d := 2 * len(e.InstanceLocation)
	if _, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		d++
	}
	for _, c := range e.Causes {
		d = max(d, depth(c))
	}
	return d
}

func (s *checkedSchema) problems(e *jsonschema.ValidationError, path string, pos *Positions) []Problem {
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var out []Problem
		for _, key := range k.Properties {
			out = append(out, unknownKey(key, Child(path, key), s.keysAt(e.SchemaURL), pos))
		}
		return out
	case *kind.FalseSchema:
		// If one key has a bad value, the keyword flags the good keys too.
		key := e.InstanceLocation[max(len(e.InstanceLocation), 1)-1:]
		names := s.keysAt(strings.TrimSuffix(e.SchemaURL, "/unevaluatedProperties"))
		if len(key) == 0 || slices.Contains(names, key[0]) {
			return nil
		}
		return []Problem{unknownKey(key[0], path, names, pos)}
	case *kind.Type:
		return []Problem{{At: pos.At(path), What: path + " has the wrong type", Why: fmt.Sprintf("it is %s", kindName(k.Got)), Remedy: "write " + kindNames(k.Want)}}
	case *kind.Enum:
		words := make([]string, len(k.Want))
		for i, w := range k.Want {
			words[i] = fmt.Sprint(w)
		}
		return []Problem{noneOf(fmt.Sprint(k.Got), path, words, pos)}
	case *kind.Pattern:
		if words := alternatives.FindStringSubmatch(k.Want); words != nil {
			return []Problem{noneOf(Readable(k.Got), path, s.withTrue(e.SchemaURL, strings.Split(words[1], "|")), pos)}
		}
	}
	p := Problem{At: pos.At(path), What: path + " is not valid", Remedy: "correct the value"}
	switch k := e.ErrorKind.(type) {
	case *kind.Maximum:
		p.Why, p.Remedy = "it is "+decimal(k.Got), "write at most "+decimal(k.Want)
	case *kind.Minimum:
		p.Why, p.Remedy = "it is "+decimal(k.Got), "write at least "+decimal(k.Want)
	case *kind.ExclusiveMinimum:
		p.Why, p.Remedy = "it is "+decimal(k.Got), "write more than "+decimal(k.Want)
	case *kind.ExclusiveMaximum:
		p.Why, p.Remedy = "it is "+decimal(k.Got), "write less than "+decimal(k.Want)
	case *kind.Pattern:
		p.Why = fmt.Sprintf("%q does not match %s", Readable(k.Got), k.Want)
		if like := s.examples(e.SchemaURL); like != "" {
			p.Why, p.Remedy = fmt.Sprintf("it is %q", Readable(k.Got)), "write it like "+like
		}
	case *kind.Not:
		p.Why, p.Remedy = "the number is out of range", "write a number from 0 to "+strconv.FormatInt(maxNumber, 10)
	default:
		p.Why = Readable(e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
	return []Problem{p}
}

// alternatives is a pattern that only lists words.
var alternatives = regexp.MustCompile(`^\^\(([a-z_]+(?:\|[a-z_]+)+)\)\$$`)

// withTrue adds true to the words that a key takes if it takes booleans, too.
func (s *checkedSchema) withTrue(url string, words []string) []string {
	part, _ := s.part(url).(map[string]any)
	if kinds, _ := part["type"].([]any); slices.Contains(kinds, any("boolean")) {
		return append([]string{"true", "false"}, words...)
	}
	return words
}

// noneOf says that a value is none of the words that a key takes.
func noneOf(got, path string, words []string, pos *Positions) Problem {
	p := Problem{At: pos.At(path), What: fmt.Sprintf("%s cannot be %v", path, got), Remedy: "write one of " + strings.Join(words, ", ")}
	if near, ok := suggest.To(got, words); ok {
		p.Remedy += "; did you mean " + near + "?"
	}
	return p
}

// decimal is a number as files have it.
func decimal(n *big.Rat) string {
	f, _ := n.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func unknownKey(key, path string, names []string, pos *Positions) Problem {
	p := Problem{At: pos.At(path), What: "there is no key " + path, Remedy: "remove it, or correct its name"}
	if near, ok := suggest.To(key, names); ok {
		p.Remedy = "did you mean " + near + "?"
	} else if len(names) > 0 && len(names) < 30 {
		p.Remedy = "the keys here are " + strings.Join(names, ", ")
	}
	return p
}

// keysAt are the keys that the part of the schema at url allows.
func (s *checkedSchema) keysAt(url string) []string {
	names := map[string]bool{}
	s.collect(url, names, maxExtends)
	return slices.Sorted(maps.Keys(names))
}

// collect adds the keys of a part of the schema and of the parts that it refers
// to; left bounds the depth.
func (s *checkedSchema) collect(url string, names map[string]bool, left int) {
	s.keysOf(s.part(url), names, left)
}

// part is the part of the schema at url, nil if there is none.
func (s *checkedSchema) part(url string) any {
	_, pointer, _ := strings.Cut(url, "#")
	part := s.text
	for word := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if word != "" {
			m, _ := part.(map[string]any)
			part = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(word)]
		}
	}
	return part
}

// examples are the examples in the part of the schema at url.
func (s *checkedSchema) examples(url string) string {
	m, _ := s.part(url).(map[string]any)
	list, _ := m["examples"].([]any)
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = fmt.Sprint(e)
	}
	return strings.Join(words, ", ")
}

func (s *checkedSchema) keysOf(part any, names map[string]bool, left int) {
	m, ok := part.(map[string]any)
	if !ok || left == 0 {
		return
	}
	props, _ := m["properties"].(map[string]any)
	for name := range props {
		names[name] = true
	}
	if ref, ok := m["$ref"].(string); ok {
		s.collect(ref, names, left-1)
	}
	all, _ := m["allOf"].([]any)
	for _, p := range all {
		s.keysOf(p, names, left-1)
	}
}

func kindName(t string) string {
	switch t {
	case "object":
		return "a mapping"
	case "array":
		return "a list"
	case "null":
		return "nothing"
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	}
	return "a " + t
}

func kindNames(types []string) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = kindName(t)
	}
	return strings.Join(names, ", or ")
}
