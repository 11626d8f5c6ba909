package engine

import (
	"context"
	"fmt"
)

// AnyType is a Type without its type parameter, so that one Registry can hold
// the types of all resources.
type AnyType interface {
	Spec() Spec
	List(ctx context.Context, q Query) ([]Object, error)
	Create(ctx context.Context, w Desired[Resource]) (Object, error)
	Update(ctx context.Context, w Desired[Resource], object Object, changed []string) (Object, error)
	Delete(ctx context.Context, object Object) error
	// Poller and Finder are the type's abilities; false without them.
	Poller() (Poller, bool)
	Finder() (Finder, bool)
	// Without the ability, Hold, Protected and Begin return "", and Eraser and
	// Finisher return false.
	Hold(want Resource, object Object, attr string) string
	Protected(object Object) string
	Begin(want Resource) string
	Eraser() (Eraser, bool)
	Finisher() (Finisher[Resource], bool)
	// Held returns false without the ability.
	Held() (Held, bool)
	// Keeps returns Spec.Leaves and "" without the ability.
	Keeps(object Object) (leaves, lost string)
	// Own returns the names of the attributes with the option own.
	Own() []string
}

// Registry holds the types by name, in the order in which they were registered.
type Registry struct {
	byName map[string]AnyType
	names  []string
}

// NewRegistry returns a registry of the types. Two types with the same name are
// an error.
func NewRegistry(types ...AnyType) (*Registry, error) {
	r := &Registry{byName: map[string]AnyType{}}
	for _, t := range types {
		name := t.Spec().Name
		if _, dup := r.byName[name]; dup {
			return nil, fmt.Errorf("registry: two types named %s", name)
		}
		r.byName[name] = t
		r.names = append(r.names, name)
	}
	return r, nil
}

// Names are the names of all types, in order.
func (r *Registry) Names() []string { return r.names }

// spec returns the Spec of a type that is known to be registered.
func (r *Registry) spec(name string) Spec { return r.byName[name].Spec() }

// polls says whether the objects of a type must be polled.
func (r *Registry) polls(name string) bool {
	_, ok := r.byName[name].Poller()
	return ok
}

// Lookup returns the type of a name.
func (r *Registry) Lookup(name string) (AnyType, bool) {
	t, ok := r.byName[name]
	return t, ok
}

// Erase makes an AnyType from a Type.
func Erase[R Resource](t Type[R]) AnyType { return erased[R]{t} }

type erased[R Resource] struct{ t Type[R] }

func (e erased[R]) Spec() Spec { return e.t.Spec() }

func (e erased[R]) List(ctx context.Context, q Query) ([]Object, error) { return e.t.List(ctx, q) }

func (e erased[R]) Create(ctx context.Context, w Desired[Resource]) (Object, error) {
	tw, err := typed[R](w)
	if err != nil {
		return Object{}, err
	}
	return e.t.Create(ctx, tw)
}

func (e erased[R]) Update(ctx context.Context, w Desired[Resource], object Object, changed []string) (Object, error) {
	tw, err := typed[R](w)
	if err != nil {
		return Object{}, err
	}
	return e.t.Update(ctx, tw, object, changed)
}

func (e erased[R]) Delete(ctx context.Context, object Object) error { return e.t.Delete(ctx, object) }

func (e erased[R]) Poller() (Poller, bool) {
	l, ok := any(e.t).(Poller)
	return l, ok
}

func (e erased[R]) Finder() (Finder, bool) {
	f, ok := any(e.t).(Finder)
	return f, ok
}

func (e erased[R]) Own() []string {
	var none R
	var names []string
	for _, a := range AttrsOf(none) {
		if a.Own {
			names = append(names, a.Name)
		}
	}
	return names
}

func typed[R Resource](w Desired[Resource]) (Desired[R], error) {
	want, ok := w.Want.(R)
	if !ok {
		return Desired[R]{}, fmt.Errorf("%s: the desired state is a %T, which its type does not accept", w.Address, w.Want)
	}
	return Desired[R]{Address: w.Address, Want: want, Tags: w.Tags, Token: w.Token, Adopt: w.Adopt, Memory: w.Memory}, nil
}

var _ AnyType = erased[Resource]{}
