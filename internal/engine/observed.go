package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine/memory"
)

// Observed is what the provider showed of some owners' objects at one time. It is not
// safe for concurrent writes.
type Observed struct {
	// Owners are the owners whose objects were read. MakePlan refuses a graph
	// with other owners.
	Owners []Owner
	// Unread are the types whose objects are missing because the caller may not
	// list them, with the provider's answer. See ReadOptions.Pass.
	Unread map[string]error
	// Memory is what the types remember of this reading; the creates of a plan made
	// from it receive it.
	Memory *memory.Memory
	byType map[string][]Object
	// byAddress leaves out the objects without an address.
	byAddress map[Address][]Object
	types     []string
	// copies are the objects with copied tags, each with the cause; runs are the
	// types with Spec.Runs, untagged those with Spec.Untagged.
	copies         []aside
	runs, untagged map[string]bool
}

// NewObserved returns what Read would return for owners that have no objects. It
// saves the listing if the caller knows that an environment is new.
func NewObserved(owners ...Owner) *Observed {
	return &Observed{Owners: owners, Memory: &memory.Memory{}, byType: map[string][]Object{}, byAddress: map[Address][]Object{}}
}

// Add adds objects of a type.
func (w *Observed) Add(typ string, objects ...Object) {
	if _, known := w.byType[typ]; !known {
		w.types = append(w.types, typ)
	}
	w.byType[typ] = append(w.byType[typ], objects...)
	for _, l := range objects {
		if !l.Address.IsZero() {
			w.byAddress[l.Address] = append(w.byAddress[l.Address], l)
		}
	}
}

// Types returns the types in the order in which they were added.
func (w *Observed) Types() []string { return w.types }

// Objects returns all objects of a type, in the order of their ids.
func (w *Observed) Objects(typ string) []Object {
	objects := slices.Clone(w.byType[typ])
	slices.SortStableFunc(objects, byID)
	return objects
}

func byID(a, b Object) int { return strings.Compare(a.ID, b.ID) }

// At returns all objects at an address, the one to keep first. An object that
// running services use comes first, then one that others refer to, then the
// oldest, then the one with the lowest id; an object that is being deleted
// comes last. There is more than one after a lost answer or an interrupted
// replacement, or if one of them has copied tags.
func (w *Observed) At(a Address) []Object {
	objects := slices.Clone(w.byAddress[a])
	if len(objects) < 2 {
		return objects
	}
	u := w.uses()
	slices.SortStableFunc(objects, func(x, y Object) int {
		return cmp.Or(u.rank(a.Type, x)-u.rank(a.Type, y), byAge(x, y), byID(x, y))
	})
	return objects
}

// byAge orders objects whose age the provider shows, the oldest first: a copy is younger
// than its original.
func byAge(a, b Object) int {
	if a.Created.IsZero() || b.Created.IsZero() {
		return 0
	}
	return a.Created.Compare(b.Created)
}

// Object returns the object at an address; ok is false if there is none.
func (w *Observed) Object(a Address) (object Object, ok bool) {
	objects := w.At(a)
	if len(objects) == 0 {
		return Object{}, false
	}
	return objects[0], true
}

// Orphans returns the objects whose addresses are not in the graph; with a nil
// graph, all objects.
func (w *Observed) Orphans(g *Graph) []Object {
	var out []Object
	for _, typ := range w.types {
		for _, l := range w.Objects(typ) {
			if g == nil || g.Node(l.Address) == nil {
				out = append(out, l)
			}
		}
	}
	return out
}

// Len is the number of objects.
func (w *Observed) Len() int {
	n := 0
	for _, objects := range w.byType {
		n += len(objects)
	}
	return n
}

// ownerOf returns the owner that an object's address or tags name; zero if
// neither does.
func ownerOf(l Object) Owner {
	if !l.Address.IsZero() {
		return l.Address.Owner
	}
	o, err := ParseOwner(l.Tags[TagOwner])
	if err != nil {
		return Owner{}
	}
	return o
}
