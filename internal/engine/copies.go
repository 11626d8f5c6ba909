package engine

import (
	"slices"

	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/internal/values"
)

// Tags get copied: by the restore of a database, by backups, by people. So an object
// with berth's tags need not be berth's. The tag TagLastApplied shows it: the tag was
// written for one object, and an attribute with the option own keeps its value for
// that object's life. Where tag and attribute differ, the tags were copied from
// another object.

// aside is an object that is left out of all plans, with the reason.
type aside struct {
	typedObject
	cause Cause
}

// withoutCopies returns the observed objects without those whose tags were
// written for another object, and without what belongs only to these. If an
// object's tags do not say what they were written for, it is compared with the
// graph.
func withoutCopies(w *Observed, reg *Registry, g *Graph, opts ReadOptions) *Observed {
	var copies []aside
	runs, untagged := map[string]bool{}, map[string]bool{}
	for _, typ := range w.types {
		t, _ := reg.Lookup(typ)
		if t.Spec().Runs {
			runs[typ] = true
		}
		if t.Spec().Untagged {
			untagged[typ] = true
		}
		for _, l := range w.Objects(typ) {
			if attr := copiedFrom(t.Own(), l, g, opts.MadeUp); attr != "" && !opts.Adopt[l.Address] {
				copies = append(copies, aside{typedObject{typ, l}, Cause{Kind: CauseCopiedTags, Of: attr}})
			}
		}
	}
	copies = append(copies, usedByCopies(w, reg, copies)...)
	out := w.without(reg, copies)
	out.runs, out.untagged = runs, untagged
	return out
}

// usedByCopies returns the objects that only copies use, of types whose objects
// cannot be told from copies.
func usedByCopies(w *Observed, reg *Registry, copies []aside) []aside {
	if len(copies) == 0 {
		return nil
	}
	isCopy := map[string]bool{}
	for _, c := range copies {
		isCopy[c.key()] = true
	}
	refs := mentionsIn(w)
	var out []aside
	for _, typ := range w.types {
		t, _ := reg.Lookup(typ)
		if t.Spec().Untagged || len(t.Own()) > 0 {
			continue
		}
		for _, l := range w.Objects(typ) {
			if t.Spec().Holds != "" && len(w.byAddress[l.Address]) < 2 {
				continue // the only object at its address stays, even if only copies use it
			}
			users := slices.DeleteFunc(slices.Clone(refs.of(typ, l.ID)), func(o typedObject) bool {
				t, _ := reg.Lookup(o.typ)
				return t.Spec().Untagged
			})
			own := slices.ContainsFunc(users, func(o typedObject) bool { return !isCopy[o.key()] })
			if len(users) > 0 && !own {
				out = append(out, aside{typedObject{typ, l}, Cause{Kind: CauseUsedByCopy, Of: users[0].object.ID}})
			}
		}
	}
	return out
}

// copiedFrom names the attribute that shows an object's tags to be another's;
// empty if none does. An object that was never finished has no TagLastApplied: it
// is compared with the graph, except for the attributes in madeUp.
func copiedFrom(own []string, l Object, g *Graph, madeUp []string) string {
	if l.State == StateStored {
		return ""
	}
	for _, name := range own {
		shown := l.Attrs[name]
		told, same := lastAppliedAs(l.LastApplied, name, shown)
		switch {
		case shown == "":
		case told && !same:
			return name
		case l.LastApplied == "" && g != nil && !slices.Contains(madeUp, name) && wantsOther(g.Node(l.Address), name, shown):
			return name
		}
	}
	return ""
}

// wantsOther says that a node has a name that berth generates, and that the
// shown name is not one that berth generates for the same owner. After an
// interrupted run that wanted something else, the shown name differs but is
// still one of the owner's.
func wantsOther(n *Node, name, shown string) bool {
	return n != nil && slices.ContainsFunc(AttrsOf(n.Resource), func(a Attr) bool {
		mark := naming.MarkIn(a.Value)
		return a.Name == name && a.Known && mark != "" && naming.MarkIn(shown) != mark
	})
}

// without returns the observed objects with the copies set aside, and with them
// the objects that have no tags and name a copy as their parent.
func (w *Observed) without(reg *Registry, copies []aside) *Observed {
	out := NewObserved(w.Owners...)
	out.runs, out.untagged, out.Unread, out.Memory = w.runs, w.untagged, w.Unread, w.Memory
	out.copies = append(slices.Clone(w.copies), copies...)
	gone, names := map[string]bool{}, map[string]string{}
	for _, c := range copies {
		gone[c.key()] = true
		for name := range namesOf(c.object) {
			names[name] = c.typ + " " + c.object.ID
		}
	}
	for _, typ := range w.types {
		t, _ := reg.Lookup(typ)
		spec := t.Spec()
		out.Add(typ)
		for _, l := range w.byType[typ] {
			o := typedObject{typ, l}
			if gone[o.key()] {
				continue
			}
			if parent := parentIn(names, l); parent != "" && (spec.Untagged || spec.Identity == ByParent) {
				out.copies = append(out.copies, aside{o, Cause{Kind: CauseBelongs, Of: parent}})
				continue
			}
			out.Add(typ, l)
		}
	}
	return out
}

// parentIn returns the key of the object that an attribute of l names.
func parentIn(names map[string]string, l Object) string {
	if len(names) == 0 {
		return ""
	}
	words := map[string]bool{}
	for _, v := range l.Attrs {
		values.Words(v, words)
	}
	for word := range words {
		if parent := names[word]; parent != "" {
			return parent
		}
	}
	return ""
}
