package engine

import "fmt"

// UnprovenError says that the only object with the tags of an address may not be
// berth's, and that the user must decide.
type UnprovenError struct {
	Address Address
	ID, Why string
	way     string
}

func (e *UnprovenError) Error() string {
	return fmt.Sprintf("%s: %s carries its tags, but %s", e.Address, e.ID, e.Why)
}

// Remedy says how to decide.
func (e *UnprovenError) Remedy() string {
	return fmt.Sprintf("if it is berth's, --adopt %s uses it; if it is not, %s", e.Address, e.way)
}

// unproven returns the lone objects that nothing proves to be berth's, and that
// the plan leaves alone. If one has the address of a desired resource, the user
// must decide: the error is an *UnprovenError.
func (p *planner) unproven() ([]aside, error) {
	for _, c := range p.w.copies {
		if p.reg.spec(c.typ).Restores && len(p.w.At(c.object.Address)) == 0 && p.wantsAt(c.object.Address) {
			return nil, p.unprovenError(c.typ, c.object, "they were written for another object, which does not exist")
		}
	}
	var out []aside
	u := p.w.uses()
	for _, typ := range p.w.types {
		if !p.reg.spec(typ).ProvedByUse {
			continue
		}
		for _, l := range p.w.Objects(typ) {
			if p.isProved(u, typ, l) {
				continue
			}
			const why = "nothing uses it, and no interrupted run could have left it unused"
			if p.wantsAt(l.Address) {
				return nil, p.unprovenError(typ, l, why)
			}
			if p.destroy[l.Address.Owner] && p.isNamed(typ, l) {
				p.duplicates[typedObject{typ, l}.key()] = true
				continue
			}
			out = append(out, aside{typedObject{typ, l}, Cause{Kind: CauseIdle, Way: p.way(typ, l)}})
		}
	}
	return out, nil
}

// isProved says that an object is berth's: it is used as only berth's objects are, or was
// when another object was made; or a run may have left it unused; or the user has said
// whose it is. It does not decide between several objects at one address.
func (p *planner) isProved(u uses, typ string, l Object) bool {
	return l.Foreign != "" || l.State == StateDeleting || l.State == StateStored || len(p.w.byAddress[l.Address]) > 1 ||
		u.rank(typ, l) < 2 || p.wasAskedFor(l.ID) || p.opts.Traces[l.Address.Owner] || p.opts.Adopt[l.Address]
}

// wasAskedFor says that the mark of some object holds an id.
func (p *planner) wasAskedFor(id string) bool {
	for _, typ := range p.w.types {
		for _, l := range p.w.Objects(typ) {
			if asksFor(l.LastApplied, id) {
				return true
			}
		}
	}
	return false
}

// wantsAt says that the plan must make or keep an object at an address.
func (p *planner) wantsAt(a Address) bool {
	return p.g.Node(a) != nil && p.included[a] && !p.destroy[a.Owner]
}

func (p *planner) unprovenError(typ string, l Object, why string) error {
	return &UnprovenError{Address: l.Address, ID: l.ID, Why: why, way: p.untag(typ, l)}
}
