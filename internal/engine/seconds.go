package engine

import "slices"

// putAside removes second objects at an address from the planner's observed
// objects if nothing proves that berth made both: plans leave them alone.
func (p *planner) putAside() error {
	var out []aside
	p.duplicates = map[string]bool{}
	u := p.w.uses()
	for _, typ := range p.w.types {
		for _, objects := range p.severalOf(typ) {
			own := slices.DeleteFunc(slices.Clone(objects), func(l Object) bool { return p.isNamed(typ, l) })
			if len(own) == 0 {
				return &NoDuplicateError{Name: typ + "/" + objects[0].ID}
			}
			for _, l := range objects {
				if p.isNamed(typ, l) {
					p.duplicates[typedObject{typ, l}.key()] = true
				}
			}
			asides, err := p.seconds(u, typ, own)
			if err != nil {
				return err
			}
			out = append(out, asides...)
		}
	}
	p.w = p.w.without(p.reg, out)
	out, err := p.unproven()
	if err != nil {
		return err
	}
	for _, name := range p.opts.DeleteDuplicates {
		if typ, id := cutName(name); !p.duplicates[typedObject{typ: typ, object: Object{ID: id}}.key()] {
			return &NoDuplicateError{Name: name}
		}
	}
	p.w = p.w.without(p.reg, out)
	return nil
}

// seconds returns those of the objects at one address, ordered best first, that
// are set aside.
func (p *planner) seconds(u uses, typ string, objects []Object) ([]aside, error) {
	var out []aside
	first := objects[0]
	if len(objects) > 1 && p.unclear(u, typ, first, objects[1]) {
		if !p.destroy[first.Address.Owner] {
			return nil, p.unclearError(typ, objects)
		}
		out = append(out, aside{typedObject{typ, first}, Cause{Kind: CauseUnclear, Of: objects[1].ID, Way: p.way(typ, first)}})
	}
	for _, l := range objects[1:] {
		if !p.isTrace(typ, first, l) {
			out = append(out, aside{typedObject{typ, l},
				Cause{Kind: CauseSecond, Of: first.ID, Detail: u.why(typ, first, l), Way: p.way(typ, l)}})
		}
	}
	return out, nil
}

// severalOf returns the objects of a type at the addresses with more than one
// object that is not being deleted, the best first.
func (p *planner) severalOf(typ string) [][]Object {
	var out [][]Object
	seen := map[Address]bool{}
	for _, l := range p.w.Objects(typ) {
		if seen[l.Address] || len(p.w.byAddress[l.Address]) < 2 {
			continue
		}
		seen[l.Address] = true
		objects := slices.DeleteFunc(p.w.At(l.Address), func(l Object) bool {
			return l.State == StateStored || l.State == StateDeleting
		})
		if len(objects) > 1 {
			out = append(out, objects)
		}
	}
	return out
}

// isTrace says that berth itself made the second of two objects at an address.
// Either its tags were written for its own name, as after an interrupted
// replacement; or a run for its owner has died whose last answer may have been
// lost, and no data is lost with the object. An object without tags belongs to
// its parent's owner.
func (p *planner) isTrace(typ string, first, l Object) bool {
	t, _ := p.reg.Lookup(typ)
	spec := t.Spec()
	own := t.Own()
	if spec.Untagged || len(own) == 0 && spec.Identity != ByTag && spec.Holds == "" {
		return true
	}
	for _, name := range own {
		if told, same := lastAppliedAs(l.LastApplied, name, l.Attrs[name]); told && same && l.Attrs[name] != first.Attrs[name] {
			return true
		}
	}
	return p.opts.Traces[l.Address.Owner] && spec.Holds == ""
}

// unclear says that it is not known which of two objects is the right one, and
// that the choice matters. For types whose objects cannot be told from copies,
// only running services decide: after a teardown nothing uses the project's own
// file system, while somebody else's copy may have mount targets.
func (p *planner) unclear(u uses, typ string, first, second Object) bool {
	t, _ := p.reg.Lookup(typ)
	same := u.rank(typ, first) == u.rank(typ, second)
	if len(t.Own()) == 0 {
		same = u.reached[typedObject{typ, first}.key()] == u.reached[typedObject{typ, second}.key()]
	}
	return t.Spec().Holds != "" && !p.isTrace(typ, first, second) && same
}

// isNamed says that the user wants an object deleted as a duplicate.
func (p *planner) isNamed(typ string, l Object) bool {
	return slices.Contains(p.opts.DeleteDuplicates, typ+"/"+l.ID)
}

// way returns what a user can do about a second object.
func (p *planner) way(typ string, l Object) Way {
	return Way{Duplicate: typ + "/" + l.ID, Untag: p.untag(typ, l)}
}

// untag says how to take berth's mark off an object.
func (p *planner) untag(typ string, l Object) string {
	if p.opts.Untag != nil {
		if how := p.opts.Untag(typ, l); how != "" {
			return how
		}
	}
	return "remove its tag " + TagOwner
}

func (p *planner) unclearError(typ string, objects []Object) error {
	e := &UnclearError{Address: objects[0].Address}
	for _, l := range objects {
		e.IDs = append(e.IDs, l.ID)
		e.ways = append(e.ways, l.ID+": "+p.way(typ, l).String())
	}
	return e
}
