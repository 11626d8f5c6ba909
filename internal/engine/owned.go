package engine

import (
	"context"
	"fmt"
)

// list lists a type's objects and drops those that belong to none of the
// owners.
func list(ctx context.Context, reg *Registry, name string, q Query) (kept []Object, dropped int, err error) {
	if err := context.Cause(ctx); err != nil {
		return nil, 0, err
	}
	t, _ := reg.Lookup(name)
	objects, err := t.List(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	kept = Owned(name, q.Owners, objects)
	return kept, len(objects) - len(kept), nil
}

// Owned returns the objects whose mark names one of the owners and an address of the
// type that listed them. Types ask the provider to filter only to save calls; nothing
// depends on it: an endpoint that ignores a filter also shows other people's objects,
// and objects without a mark. An object that cannot have tags gets its address from
// its parent or its name.
func Owned(typ string, owners []Owner, objects []Object) []Object {
	q := Query{Owners: owners}
	kept := objects[:0:0]
	for _, l := range objects {
		if l.Address.Type == typ && q.Has(l.Address.Owner) {
			kept = append(kept, l)
		}
	}
	return kept
}

// listed is a list that has arrived.
type listed struct {
	name    string
	dropped int
}

// detail says what was dropped, if anything was.
func (l listed) detail() string {
	if l.dropped == 0 {
		return ""
	}
	return fmt.Sprintf("%d not of these owners, dropped", l.dropped)
}
