package bus

import (
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// matches says whether an event, or a part of it, matches a pattern. Of a list of objects
// one must match the whole pattern: the fields of different elements are not mixed
// (https://github.com/aws/event-ruler, "array consistency").
func matches(pattern map[string]any, event any) bool {
	if list, ok := event.([]any); ok {
		return slices.ContainsFunc(list, func(item any) bool { return matches(pattern, item) })
	}
	fields, ok := event.(map[string]any)
	for key, want := range pattern {
		if key == or {
			alternatives, isList := want.([]any)
			if !isList || !slices.ContainsFunc(alternatives, func(a any) bool {
				part, isObject := a.(map[string]any)
				return isObject && matches(part, event)
			}) {
				return false
			}
			continue
		}
		var have any
		present := false
		if ok {
			have, present = fields[key]
		}
		switch w := want.(type) {
		case map[string]any:
			if !matches(w, have) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(w, func(alternative any) bool { return leaf(alternative, have, present) }) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// leaf says whether a value, or one of a list of values, matches one alternative.
func leaf(want, have any, present bool) bool {
	o, isOperator := want.(map[string]any)
	if exists, ok := o["exists"].(bool); isOperator && ok {
		return exists == present
	}
	if !present {
		return false
	}
	if list, ok := have.([]any); ok {
		return slices.ContainsFunc(list, func(item any) bool { return leaf(want, item, true) })
	}
	if !isOperator {
		return reflect.DeepEqual(want, have)
	}
	text, isText := have.(string)
	for name, value := range o {
		pattern, ok := value.(string)
		switch {
		case name == "anything-but":
			return !butFor(value, have)
		case !ok || !isText:
			return false
		case name == "prefix":
			return strings.HasPrefix(text, pattern)
		case name == "suffix":
			return strings.HasSuffix(text, pattern)
		case name == "wildcard":
			return !strings.Contains(pattern, "?") && world.MatchAny([]string{pattern}, text, false)
		}
	}
	return false
}

// butFor says whether a value is what anything-but leaves out: a value, a list of values,
// or an operator.
func butFor(value, have any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return reflect.DeepEqual(item, have) })
	case map[string]any:
		return leaf(v, have, true)
	}
	return reflect.DeepEqual(value, have)
}
