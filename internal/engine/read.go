package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine/memory"
)

// listsAtOnce bounds how many types are listed at once: enough to hide the
// slowest call, few enough for the provider's read limits. About half of them wait for the
// one reading of the index of tags, and hold their place meanwhile.
const listsAtOnce = 64

// ReadOptions are the options of Read.
type ReadOptions struct {
	// Deep asks for every attribute, whatever it costs.
	Deep bool
	// Whole is Query.Whole; a reading without a graph is always whole.
	Whole bool
	// MadeUp are the attributes whose values in the graph are provisional: the
	// final values depend on the reading.
	MadeUp []string
	// Adopt are the addresses whose objects the user declares to be berth's,
	// even if their tags were written for others.
	Adopt map[Address]bool
	// Pass says whether the reading goes on without a type that the caller may
	// not list; with nil it fails for every such type. See Observed.Unread.
	Pass func(typ string) bool
	// Tell fills the new Memory of the reading with what the caller knows
	// already; it may be nil.
	Tell func(*memory.Memory)
	// Emit receives one Reading event per type as its list arrives, one at a
	// time; its Detail counts what was dropped. Nil drops them.
	Emit func(Event)
}

// Read lists every object of the owners, all types concurrently. The graph
// provides the names for types whose objects can only be found by name; it may
// be nil. The error joins the failures of all lists.
func Read(ctx context.Context, reg *Registry, g *Graph, owners []Owner, opts ReadOptions) (*Observed, error) {
	results := make([][]Object, len(reg.Names()))
	errs := make([]error, len(reg.Names()))
	arrived := make(chan listed)
	slots := make(chan struct{}, listsAtOnce)
	memory := &memory.Memory{}
	if opts.Tell != nil {
		opts.Tell(memory)
	}
	var wg sync.WaitGroup
	for i, name := range reg.Names() {
		q := Query{Owners: owners, Deep: opts.Deep, Whole: opts.Whole || g == nil, Memory: memory}
		if g != nil {
			q.Wanted = g.Wanted(name)
		}
		wg.Go(func() {
			slots <- struct{}{}
			var dropped int
			errs[i] = concurrent.Safely(func() (err error) {
				results[i], dropped, err = list(ctx, reg, name, q)
				return err
			})
			<-slots
			arrived <- listed{name, dropped}
		})
	}
	for range reg.Names() {
		l := <-arrived
		if opts.Emit != nil {
			opts.Emit(Event{Kind: Reading, Address: Address{Type: l.name}, Detail: l.detail()})
		}
	}
	wg.Wait()
	unread := map[string]error{}
	for i, err := range errs {
		if name := reg.Names()[i]; err != nil && ClassOf(err) == Denied && opts.Pass != nil && opts.Pass(name) {
			unread[name], errs[i], results[i] = err, nil, nil
		}
	}
	if err := listErrors(reg.Names(), errs); err != nil {
		return nil, err
	}
	w := NewObserved(owners...)
	w.Unread, w.Memory = unread, memory
	for i, name := range reg.Names() {
		w.Add(name, results[i]...)
	}
	return withoutCopies(w, reg, g, opts), nil
}

// listErrors joins the failures of the lists. Types that failed for the same
// cause share a line, such as all types when the credentials have expired.
func listErrors(names []string, errs []error) error {
	count := map[string]int{}
	for _, err := range errs {
		if err != nil {
			count[err.Error()]++
		}
	}
	var joined []error
	for i, err := range errs {
		if err == nil || count[err.Error()] == 0 {
			continue
		}
		what := names[i]
		if n := count[err.Error()]; n > 1 {
			what = fmt.Sprintf("%s and %d more", what, n-1)
		}
		joined = append(joined, fmt.Errorf("listing %s: %w", what, err))
		delete(count, err.Error())
	}
	return errors.Join(joined...)
}
