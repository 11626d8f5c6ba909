package engine

// uses says which objects the running services need, directly or through others.
type uses struct {
	refs mentions
	// reached are the keys of what the objects of types with Spec.Runs mention,
	// and of what these mention.
	reached map[string]bool
	// leans are the keys of the objects that mention one that is reached.
	leans map[string]bool
}

// uses follows the references from what runs.
func (w *World) uses() uses {
	u := uses{refs: mentionsIn(w), reached: map[string]bool{}, leans: map[string]bool{}}
	for typ := range w.runs {
		for _, l := range w.Lives(typ) {
			u.reached[object{typ, l}.key()] = true
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
			if u.reached[target] {
				u.leans[user.key()] = true
			}
		}
	}
	return u
}

// rank is how much speaks for an object among several at its address; 0 is
// most.
func (u uses) rank(typ string, l Live) int {
	key := object{typ, l}.key()
	switch {
	case l.State == StateStored:
		return 4
	case l.State == StateDeleting:
		return 3
	case u.reached[key]:
		return 0
	case len(u.refs.by[key]) > 0 || u.leans[key]:
		return 1
	}
	return 2
}
