package engine

// uses says which objects the running services need, directly or through others.
type uses struct {
	refs mentions
	// reached are the keys of the objects that objects of types with Spec.Runs
	// mention, and of those that these mention.
	reached map[string]bool
	// used are the keys of the objects that others mention, leans the keys of
	// those that mention a reached object. Objects without tags do not count as
	// users: any file system has mount targets.
	used, leans map[string]bool
}

// uses follows the references from the running services.
func (w *Observed) uses() uses {
	u := uses{refs: mentionsIn(w), reached: map[string]bool{}, used: map[string]bool{}, leans: map[string]bool{}}
	for typ := range w.runs {
		for _, l := range w.Objects(typ) {
			u.reached[typedObject{typ, l}.key()] = true
		}
	}
	for again := true; again; {
		again = false
		for target, users := range u.refs.by {
			for _, user := range users {
				if u.reached[user.key()] && !u.reached[target] {
					u.reached[target], again = true, true
				}
			}
		}
	}
	for target, users := range u.refs.by {
		for _, user := range users {
			u.used[target] = u.used[target] || !w.untagged[user.typ]
			u.leans[user.key()] = u.leans[user.key()] || u.reached[target]
		}
	}
	return u
}

// rank orders the objects at one address by their claim to it; 0 is the best.
func (u uses) rank(typ string, l Object) int {
	key := typedObject{typ, l}.key()
	switch {
	case l.State == StateStored:
		return 4
	case l.State == StateDeleting:
		return 3
	case u.reached[key]:
		return 0
	case u.used[key] || u.leans[key]:
		return 1
	}
	return 2
}
