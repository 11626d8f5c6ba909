package engine

import (
	"slices"
)

// Tags get copied: by the restore of a database, by backups, by people. So an
// object with berth's tags need not be berth's. What tells is the tag TagLastApplied:
// it was written for one object, and an attribute with the option own has one
// value for that object's life. Where the two differ, the tags are another's.

// aside is an object that is left out of all plans, with the reason.
type aside struct {
	typedObject
	cause Cause
}

// withoutCopies is the world without the objects whose tags were written for
// another one, and without what belongs to these alone. The graph says what is
// wanted, for objects whose tags do not say for what they were written.
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

// usedByCopies are the objects of types that nothing tells from copies, and
// that only copies use.
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
				continue // the only one at its address, whoever uses it
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
// empty if none does. An object that was never finished has no record of what was
// asked for: it is compared with the graph, but for what is made up there.
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

// wantsOther says that a node wants a name that berth makes, and that the name
// shown is none that it makes for the same owner. A creation that was cut short
// by a run that wanted something else has another name, of the same maker.
func wantsOther(n *Node, name, shown string) bool {
	return n != nil && slices.ContainsFunc(AttrsOf(n.Resource), func(a Attr) bool {
		mark := markIn(a.Value)
		return a.Name == name && a.Known && mark != "" && markIn(shown) != mark
	})
}

// without is the world with some objects put aside, and with them the objects
// without tags whose attributes name one of them: theirs by a parent, not by a
// mark.
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

// parentIn is the object, by its names, that an attribute of l names.
func parentIn(names map[string]string, l Object) string {
	if len(names) == 0 {
		return ""
	}
	words := map[string]bool{}
	for _, v := range l.Attrs {
		wordsIn(v, words)
	}
	for word := range words {
		if parent := names[word]; parent != "" {
			return parent
		}
	}
	return ""
}
