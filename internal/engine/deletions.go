package engine

import (
	"maps"
	"slices"
)

// judgeRest decides on the objects that no verdict covers: those of owners that
// are destroyed, second objects at an address, and orphans.
func (p *planner) judgeRest() {
	for _, typ := range p.w.Types() {
		for _, l := range p.w.Objects(typ) {
			o := typedObject{typ, l}
			switch {
			case p.spoken[o.key()]:
			case p.isDestroyed(l):
				p.doom(o, Cause{Kind: CauseTeardown}, true)
			case p.g.Node(l.Address) != nil:
				p.judgeSecond(o)
			case len(p.opts.Targets) == 0 && len(p.opts.Destroy) == 0:
				p.judgeOrphan(o)
			}
		}
	}
	for _, c := range p.w.copies {
		cause := c.cause
		if cause.Way == (Way{}) && cause.Kind != CauseBelongs {
			cause.Way.Untag = p.untag(c.typ, c.object)
		}
		p.leave(c.typedObject, cause)
		p.stays(c.typedObject)
	}
	p.keepUsed()
	slices.SortStableFunc(p.last, func(a, b *Action) int { return leaveLast(a) - leaveLast(b) })
}

func leaveLast(a *Action) int {
	if a.Verb == VerbLeave {
		return 1
	}
	return 0
}

// isDestroyed says whether an object's owner is being destroyed. An object that
// names no owner counts as destroyed when all owners that were read are.
func (p *planner) isDestroyed(l Object) bool {
	if o := ownerOf(l); o != (Owner{}) {
		return p.destroy[o]
	}
	for _, o := range p.w.Owners {
		if !p.destroy[o] {
			return false
		}
	}
	return len(p.destroy) > 0
}

// judgeSecond decides on an object whose address has another object that the
// plan uses.
func (p *planner) judgeSecond(o typedObject) {
	if !p.included[o.object.Address] || o.object.State == StateDeleting || o.object.Foreign != "" {
		return
	}
	if o.object.State == StateStored {
		return // the type keeps one copy of the data and replaces it itself
	}
	v := p.verdicts[o.object.Address]
	p.doom(o, Cause{Kind: CauseSecond, Of: v.object.ID, Asked: p.duplicates[o.key()]}, false)
}

func (p *planner) judgeOrphan(o typedObject) {
	if o.object.Foreign != "" {
		return // only a teardown mentions it
	}
	if o.object.State == StateDeleting {
		return
	}
	if !p.opts.RemoveOrphans {
		p.leave(o, Cause{Kind: CauseOrphanStays})
		return
	}
	if p.opts.KeepOrphans != nil {
		if keep := p.opts.KeepOrphans(o.object); keep != "" {
			p.leave(o, Cause{Kind: CauseKept, Detail: keep})
			return
		}
	}
	p.doom(o, Cause{Kind: CauseOrphan}, false)
}

// doom plans a deletion, unless the type's objects are to be kept. With
// waitAlso the plan also waits for an object that the provider is deleting
// already.
func (p *planner) doom(o typedObject, cause Cause, waitAlso bool) {
	spec := p.reg.spec(o.typ)
	typ, _ := p.reg.Lookup(o.typ)
	_, erases := typ.Eraser()
	erases = erases && p.opts.DeleteData
	leaves, lost := typ.Keeps(o.object)
	switch protected := typ.Protected(o.object); {
	case o.object.Foreign != "":
		p.leave(o, Cause{Kind: CauseForeign, Detail: o.object.Foreign})
		return
	case spec.KeepAlways || spec.Keep != "" && !p.opts.DeleteData && !p.duplicates[o.key()]:
		p.leave(o, Cause{Kind: CauseKept, Detail: spec.Keep})
		p.stays(o)
		return
	case o.object.State == StateStored && !erases:
		p.leave(o, Cause{Kind: CauseStored, Of: o.object.Detail})
		return
	case protected != "" && o.object.State != StateDeleting && o.object.State != StateStored:
		p.leave(o, Cause{Kind: CauseKept, Detail: protected})
		p.stays(o)
		return
	}
	if lost != "" && !erases && holdsData(o.object) {
		p.leave(o, Cause{Kind: CauseDataOnDemand, Detail: lost})
		p.stays(o)
		return
	}
	a := &Action{Verb: VerbDelete, Address: o.object.Address, Type: o.typ, ID: o.object.ID,
		Reasons: []Reason{{Cause: cause}}, object: o.object, erase: erases, loses: erases || spec.Keep != ""}
	if leaves != "" && !p.opts.DeleteData {
		a.Reasons = append(a.Reasons, becauseSaid(CauseLeaves, leaves))
	}
	if o.object.State == StateDeleting {
		if !waitAlso || !p.reg.polls(o.typ) {
			return
		}
		a.Reasons = []Reason{because(CauseDeleting)}
	}
	if p.reg.polls(o.typ) {
		a.Estimate = spec.GoneIn
	}
	p.last = append(p.last, a)
}

// holdsData says whether the object can still lose data: not if the provider is
// deleting it already, or if only the copy is left.
func holdsData(l Object) bool { return l.State != StateDeleting && l.State != StateStored }

func (p *planner) leave(o typedObject, cause Cause) {
	p.last = append(p.last, &Action{Verb: VerbLeave, Address: o.object.Address, Type: o.typ,
		ID: o.object.ID, Reasons: []Reason{{Cause: cause}}, object: o.object})
}

// keepUsed keeps old and second objects that something outside the plan still
// uses: a service that is not among the targets, or an orphan that is not
// removed. Deleting them would fail until the deadline.
func (p *planner) keepUsed() {
	acted, stays := map[string]bool{}, maps.Clone(p.held)
	if stays == nil {
		stays = map[string]bool{}
	}
	for _, a := range slices.Concat(p.actions, p.last) {
		if a.Verb != VerbLeave {
			acted[typedObject{a.Type, a.object}.key()] = true
		}
	}
	for again := true; again; {
		again = false
		for _, a := range slices.Concat(p.actions, p.last) {
			user, used := p.outsideUser(a, acted, stays)
			if !used {
				continue
			}
			again = true
			stays[typedObject{a.Type, a.object}.key()] = true
			if a.Verb == VerbReplace {
				a.KeepOld = true
				a.Reasons = append(a.Reasons, becauseOf(CauseOldUsed, user))
				continue
			}
			a.Verb, a.Reasons, a.Estimate = VerbLeave, []Reason{becauseOf(CauseUsed, user)}, 0
		}
	}
}

// outsideUser returns an object that uses the one that a deletes and that the
// plan does not touch: an object that is not targeted, an orphan, or an object
// that stays because of one of these.
func (p *planner) outsideUser(a *Action, acted, stays map[string]bool) (string, bool) {
	deletes := a.Verb == VerbDelete || a.Verb == VerbReplace && !a.KeepOld && !a.first
	if !deletes {
		return "", false
	}
	destroyed := p.isDestroyed(a.object)
	for _, o := range p.refs.of(a.Type, a.ID) {
		node := p.g.Node(o.object.Address)
		outside := !destroyed && node != nil && !p.included[o.object.Address]
		orphan := !destroyed && node == nil && !p.opts.RemoveOrphans && p.reg.spec(o.typ).Keep == ""
		if stays[o.key()] || (outside || orphan) && !acted[o.key()] {
			return o.typ + " " + o.object.ID, true
		}
	}
	return "", false
}
