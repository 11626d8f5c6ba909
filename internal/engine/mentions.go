package engine

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// object is a live object with the type that listed it.
type object struct {
	typ  string
	live Live
}

// key tells objects apart: ids are unique within a type only.
func (o object) key() string { return o.typ + " " + o.live.ID }

// mentions says which live objects' attributes name which others. It is what
// orders deletions: whoever mentions an object goes before it.
type mentions struct {
	// by maps an object's key to the objects that mention it.
	by map[string][]object
}

// shortestName is the shortest id or output that counts as a mention; shorter
// ones ("0", "tcp") stand in attributes by chance.
const shortestName = 6

func mentionsIn(w *World) mentions { return mentionsOf(w, nil) }

// mentionsOf are those of a world's objects and of some beside it.
func mentionsOf(w *World, beside []aside) mentions {
	named := map[string][]object{}
	var all []object
	for _, typ := range w.types {
		for _, l := range w.Lives(typ) {
			o := object{typ, l}
			all = append(all, o)
			for name := range namesOf(l) {
				named[name] = append(named[name], o)
			}
		}
	}
	for _, c := range beside {
		all = append(all, c.object)
	}
	m := mentions{by: map[string][]object{}}
	for _, o := range all {
		words := map[string]bool{}
		for _, v := range o.live.Attrs {
			wordsIn(v, words)
		}
		seen := map[string]bool{o.key(): true}
		for _, word := range slices.Sorted(maps.Keys(words)) {
			for _, target := range named[word] {
				if k := target.key(); !seen[k] {
					seen[k] = true
					m.by[k] = append(m.by[k], o)
				}
			}
		}
	}
	return m
}

// of are the objects that mention the one of this type and id.
func (m mentions) of(typ, id string) []object {
	return m.by[object{typ: typ, live: Live{ID: id}}.key()]
}

// namesOf are the strings by which others can refer to an object.
func namesOf(l Live) map[string]bool {
	names := map[string]bool{}
	if len(l.ID) >= shortestName {
		names[l.ID] = true
	}
	for _, v := range l.Outputs {
		if len(v) >= shortestName {
			names[v] = true
		}
	}
	return names
}

// wordsIn collects the strings of an attribute's value: the value itself, and
// every string within it if it is JSON.
func wordsIn(value string, into map[string]bool) {
	into[value] = true
	if !isJSON(value) {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(value), &v); err != nil {
		return
	}
	collect(v, into)
}

func collect(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, e := range v {
			collect(e, into)
		}
	case map[string]any:
		for k, e := range v {
			into[k] = true
			collect(e, into)
		}
	}
}

func isJSON(s string) bool { return strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{") }
