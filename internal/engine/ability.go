package engine

import "context"

// This file has the abilities of types whose objects hold data. Like Poller
// they are optional, and the engine finds them by type assertion.

// Holder is the ability of a Type that refuses some changes: a change that
// interrupts the object needs the user's consent, and a change that would lose
// its data is never made.
type Holder[R Resource] interface {
	// Hold says why an attribute of an object must keep its value although want
	// asks for another; an empty answer allows the change. The plan shows the
	// reason and leaves the attribute alone.
	Hold(want R, object Object, attr string) string
}

// Protector is the ability of a Type whose objects the provider can be told not to
// delete.
type Protector interface {
	// Protected says why an object cannot be deleted now; empty if it can be. A
	// protected object stays, and so does everything that its attributes name.
	Protected(object Object) string
}

// Beginner is the ability of a Type whose new objects may begin with data.
type Beginner[R Resource] interface {
	// Begin says what a new object of the desired state begins with, as the reason for
	// its creation; empty if it begins with nothing.
	Begin(want R) string
}

// Eraser is the ability of a Type whose Delete keeps a copy of the object's
// data. The type lists that copy as an object in StateStored until there is
// another object at the address, and its Delete accepts it.
type Eraser interface {
	// Erase starts the deletion of an object without keeping a copy, and of a
	// copy that an earlier deletion kept. Absence is success.
	Erase(ctx context.Context, object Object) error
}

// Keeper is the ability of a Type with Spec.Leaves for which the provider cannot always
// keep a copy of a deleted object's data.
type Keeper interface {
	// Keeps says what would remain of an object's data if the object were
	// deleted now. If there may be data and none of it would remain, lost says
	// why: the object then stays unless the user asks for the deletion of data.
	Keeps(object Object) (leaves, lost string)
}

func (e erased[R]) Keeps(object Object) (leaves, lost string) {
	if k, ok := any(e.t).(Keeper); ok {
		return k.Keeps(object)
	}
	return e.t.Spec().Leaves, ""
}

func (e erased[R]) Hold(want Resource, object Object, attr string) string {
	h, ok := any(e.t).(Holder[R])
	if !ok {
		return ""
	}
	w, ok := want.(R)
	if !ok {
		return ""
	}
	return h.Hold(w, object, attr)
}

func (e erased[R]) Protected(object Object) string {
	if p, ok := any(e.t).(Protector); ok {
		return p.Protected(object)
	}
	return ""
}

func (e erased[R]) Begin(want Resource) string {
	if b, ok := any(e.t).(Beginner[R]); ok {
		if w, ok := want.(R); ok {
			return b.Begin(w)
		}
	}
	return ""
}

func (e erased[R]) Eraser() (Eraser, bool) {
	x, ok := any(e.t).(Eraser)
	return x, ok
}

// hold removes from a difference the changes that the type refuses, and returns
// the reasons.
func (p *planner) hold(n *Node, object Object, d *diff) (held []Reason) {
	typ, _ := p.reg.Lookup(n.Address.Type)
	want, attrs := p.wanted(n)
	d.replace = false
	var changed []string
	kept := map[string]bool{}
	for _, name := range d.changed {
		if why := typ.Hold(want, object, name); why != "" {
			kept[name] = true
			held = append(held, Reason{Attr: name, Cause: Cause{Kind: CauseHeld, Detail: why}})
			continue
		}
		changed = append(changed, name)
		for _, a := range attrs {
			d.replace = d.replace || a.Name == name && a.Replace
		}
	}
	d.changed = changed
	var reasons []Reason
	for _, r := range d.reasons {
		if !kept[attrOf(r.Attr)] {
			reasons = append(reasons, r)
		}
	}
	d.reasons = reasons
	return held
}

// attrOf is the attribute of a path within it: containers[web].Image.
func attrOf(path string) string {
	for i, r := range path {
		if r == '.' || r == '[' {
			return path[:i]
		}
	}
	return path
}

// creation is the reason for creating an object that does not exist yet.
func (p *planner) creation(n *Node) Reason {
	typ, _ := p.reg.Lookup(n.Address.Type)
	if begins := typ.Begin(n.Resource); begins != "" {
		return becauseSaid(CauseBegins, begins)
	}
	return because(CauseMissing)
}

// restore is the reason for a creation that begins with kept data.
func restore(l Object) Reason { return becauseOf(CauseRestored, l.Detail) }

// stays records that a type wants an object left unchanged, so that what the
// object uses must stay too: a file system on a bucket is useless without its
// role.
func (p *planner) stays(o typedObject) {
	if p.held == nil {
		p.held = map[string]bool{}
	}
	p.held[o.key()] = true
}

// Foreign says that the action leaves an object that is not the owner's although
// its path or name looks like the owner's. See Object.Foreign.
func (a *Action) Foreign() bool { return a.object.Foreign != "" }

// Stored says that the action is about data that an earlier deletion kept.
func (a *Action) Stored() bool { return a.object.State == StateStored }
