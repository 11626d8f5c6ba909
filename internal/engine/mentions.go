package engine

import (
	"maps"
	"slices"

	"github.com/berthdev/berth/internal/values"
)

// typedObject is an object with the name of the type that listed it.
type typedObject struct {
	typ    string
	object Object
}

// key tells objects apart: ids are unique within a type only.
func (o typedObject) key() string { return o.typ + " " + o.object.ID }

// mentions says which objects' attributes name which others. It orders
// deletions: an object is deleted after those that mention it.
type mentions struct {
	// by maps an object's key to the objects that mention it.
	by map[string][]typedObject
}

// shortestName is the shortest id or output that counts as a mention; shorter
// ones ("0", "tcp") appear in attributes by chance.
const shortestName = 6

// mentionsIn returns the mentions among the observed objects and those in
// beside.
func mentionsIn(w *Observed, beside ...aside) mentions {
	named := map[string][]typedObject{}
	var all []typedObject
	for _, typ := range w.types {
		for _, l := range w.Objects(typ) {
			o := typedObject{typ, l}
			all = append(all, o)
			for name := range namesOf(l) {
				named[name] = append(named[name], o)
			}
		}
	}
	for _, c := range beside {
		all = append(all, c.typedObject)
	}
	m := mentions{by: map[string][]typedObject{}}
	for _, o := range all {
		words := map[string]bool{}
		for name, v := range o.object.Attrs {
			if name != "name" { // its own, which objects of other types may have, too
				values.Words(v, words)
			}
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

// of returns the objects that mention the object of this type and id.
func (m mentions) of(typ, id string) []typedObject {
	return m.by[typedObject{typ: typ, object: Object{ID: id}}.key()]
}

// namesOf are the strings by which others can refer to an object.
func namesOf(l Object) map[string]bool {
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
