package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/engine"
)

// Copies returns the copies of data that a teardown has left, as AWS shows them
// now: a plan says what is to be kept, only a reading what is there. Types that
// the plan has nothing of are not asked for. What could be read comes with the
// error.
func (p *Plan) Copies(ctx context.Context) ([]engine.Object, error) {
	s := p.session
	var copies []engine.Object
	var errs []error
	for _, name := range s.registry.Names() {
		typ, _ := s.registry.Lookup(name)
		_, erases := typ.Eraser()
		if !erases || !slices.ContainsFunc(p.Actions, func(a *engine.Action) bool { return a.Type == name }) {
			continue
		}
		objects, err := typ.List(ctx, engine.Query{Owners: s.owners(), Whole: true})
		if err != nil {
			errs = append(errs, fmt.Errorf("listing %s: %w", name, err))
		}
		for _, o := range objects {
			if o.State == engine.StateStored {
				copies = append(copies, o)
			}
		}
	}
	return copies, errors.Join(errs...)
}
