package engine

import (
	"cmp"
	"slices"
	"strings"
)

// World is what AWS showed of some owners' objects at one moment. It is not
// safe for concurrent writes.
type World struct {
	// Owners are those whose objects were read. A graph may only be planned
	// against a world in which all of its owners were.
	Owners []Owner
	// Unread are the types whose objects are missing because the caller may not
	// list them, with AWS's answer. See ReadOptions.Pass.
	Unread map[string]error
	byType map[string][]Live
	// byAddress leaves out the objects that name none.
	byAddress map[Address][]Live
	types     []string
	// copies are objects that carry copied tags, and why they are none of the
	// owners'; runs are the types with Spec.Runs, untagged those with Spec.Untagged.
	copies         []aside
	runs, untagged map[string]bool
}

// NewWorld returns an empty world: what Read would return for owners that have
// nothing. A caller that knows that an environment is new saves the listing.
func NewWorld(owners ...Owner) *World {
	return &World{Owners: owners, byType: map[string][]Live{}, byAddress: map[Address][]Live{}}
}

// Add puts objects of a type into the world.
func (w *World) Add(typ string, lives ...Live) {
	if _, known := w.byType[typ]; !known {
		w.types = append(w.types, typ)
	}
	w.byType[typ] = append(w.byType[typ], lives...)
	for _, l := range lives {
		if !l.Address.IsZero() {
			w.byAddress[l.Address] = append(w.byAddress[l.Address], l)
		}
	}
}

// Types are the types that were added, in that order.
func (w *World) Types() []string { return w.types }

// Lives are all objects of a type, in the order of their ids.
func (w *World) Lives(typ string) []Live {
	lives := slices.Clone(w.byType[typ])
	slices.SortStableFunc(lives, byID)
	return lives
}

func byID(a, b Live) int { return strings.Compare(a.ID, b.ID) }

// At are all objects at an address: the one to keep first. That is the one
// that running services use, then one that others refer to, then the oldest,
// else the one with the lowest id; an object that is being deleted comes last.
// More than one is the trace of a lost answer or of a replacement that was cut
// short, or one of them has copied tags.
func (w *World) At(a Address) []Live {
	lives := slices.Clone(w.byAddress[a])
	if len(lives) < 2 {
		return lives
	}
	u := w.uses()
	slices.SortStableFunc(lives, func(x, y Live) int {
		return cmp.Or(u.rank(a.Type, x)-u.rank(a.Type, y), byAge(x, y), byID(x, y))
	})
	return lives
}

// byAge orders objects whose age AWS tells, the oldest first: copies are made of
// something that is there.
func byAge(a, b Live) int {
	if a.Created.IsZero() || b.Created.IsZero() {
		return 0
	}
	return a.Created.Compare(b.Created)
}

// Live is the object at an address; ok is false when there is none.
func (w *World) Live(a Address) (live Live, ok bool) {
	lives := w.At(a)
	if len(lives) == 0 {
		return Live{}, false
	}
	return lives[0], true
}

// Orphans are the objects that no node of the graph stands for. A nil graph
// makes orphans of all.
func (w *World) Orphans(g *Graph) []Live {
	var out []Live
	for _, typ := range w.types {
		for _, l := range w.Lives(typ) {
			if g == nil || g.Node(l.Address) == nil {
				out = append(out, l)
			}
		}
	}
	return out
}

// Len is the number of objects.
func (w *World) Len() int {
	n := 0
	for _, lives := range w.byType {
		n += len(lives)
	}
	return n
}

// ownerOf is the owner that an object's address or tags name; zero if neither
// does.
func ownerOf(l Live) Owner {
	if !l.Address.IsZero() {
		return l.Address.Owner
	}
	o, err := ParseOwner(l.Tags[TagOwner])
	if err != nil {
		return Owner{}
	}
	return o
}
