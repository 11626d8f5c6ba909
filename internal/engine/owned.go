package engine

import (
	"context"
	"fmt"
)

// list lists a type's objects and drops those that are none of the owners'.
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

// Owned are the objects that one of the owners has: those whose own mark names
// one of them, and an address of the type that listed them. Types ask the provider to
// filter, to save calls, and nothing depends on its doing so: an endpoint that
// ignores a filter shows other people's objects, and objects of no mark at all.
// What has no tags of its own gets its address from its parent or its name.
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
