package engine

import (
	"cmp"
	"slices"
	"strings"
)

// Observed is what the provider showed of some owners' objects at one moment. It is not
// safe for concurrent writes.
type Observed struct {
	// Owners are those whose objects were read. A graph may only be planned
	// against a world in which all of its owners were.
	Owners []Owner
	// Unread are the types whose objects are missing because the caller may not
	// list them, with the provider's answer. See ReadOptions.Pass.
	Unread map[string]error
	// Memory is what the types remember of this reading; the creates of a plan that
	// is made from it get it.
	Memory *Memory
	byType map[string][]Object
	// byAddress leaves out the objects that name none.
	byAddress map[Address][]Object
	types     []string
	// copies are objects that carry copied tags, and why they are none of the
	// owners'; runs are the types with Spec.Runs, untagged those with Spec.Untagged.
	copies         []aside
	runs, untagged map[string]bool
}

// NewObserved returns an empty world: what Read would return for owners that have
// nothing. A caller that knows that an environment is new saves the listing.
func NewObserved(owners ...Owner) *Observed {
	return &Observed{Owners: owners, Memory: &Memory{}, byType: map[string][]Object{}, byAddress: map[Address][]Object{}}
}

// Add puts objects of a type into the world.
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

// Types are the types that were added, in that order.
func (w *Observed) Types() []string { return w.types }

// Objects are all objects of a type, in the order of their ids.
func (w *Observed) Objects(typ string) []Object {
	objects := slices.Clone(w.byType[typ])
	slices.SortStableFunc(objects, byID)
	return objects
}

func byID(a, b Object) int { return strings.Compare(a.ID, b.ID) }

// At are all objects at an address: the one to keep first. That is the one
// that running services use, then one that others refer to, then the oldest,
// else the one with the lowest id; an object that is being deleted comes last.
// More than one is the trace of a lost answer or of a replacement that was cut
// short, or one of them has copied tags.
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

// byAge orders objects whose age the provider tells, the oldest first: copies are made of
// something that is there.
func byAge(a, b Object) int {
	if a.Created.IsZero() || b.Created.IsZero() {
		return 0
	}
	return a.Created.Compare(b.Created)
}

// Object is the object at an address; ok is false when there is none.
func (w *Observed) Object(a Address) (object Object, ok bool) {
	objects := w.At(a)
	if len(objects) == 0 {
		return Object{}, false
	}
	return objects[0], true
}

// Orphans are the objects that no node of the graph stands for. A nil graph
// makes orphans of all.
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

// ownerOf is the owner that an object's address or tags name; zero if neither
// does.
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
