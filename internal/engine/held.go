package engine

import (
	"context"
	"strings"
	"time"
)

// Held is the ability of a Type whose objects the provider refuses to delete while
// something uses them. Like Poller it is optional.
type Held interface {
	// Holders describes what keeps an object from being deleted, each in a few words:
	// what it is, whose, and since when. The engine calls it after the provider has
	// refused the deletion for some seconds. An empty result means that nothing was
	// found.
	Holders(ctx context.Context, object Object) ([]string, error)
}

const (
	// holdersAfter is how long a deletion is refused before Holders is called:
	// most things let go of the object within that time.
	holdersAfter = 5 * time.Second
	// holdersAgain is the time between two calls of Holders.
	holdersAgain = 30 * time.Second
	// mostHolders is the largest number of holders that are named.
	mostHolders = 3
)

func (e erased[R]) Held() (Held, bool) {
	h, ok := any(e.t).(Held)
	return h, ok
}

// findHolders notes what holds the object of a deletion that the provider
// refuses. If the caller lacks the permission for that, the task waits as
// before.
func (t *task) findHolders(ctx context.Context, refusedSince time.Time) {
	held, ok := t.s.typ.Held()
	now := t.n.Clock.Now()
	switch {
	case !ok || t.s.kind != stepDelete || refusedSince.IsZero():
		return
	case now.Sub(refusedSince) < holdersAfter || now.Sub(t.askedHolders) < holdersAgain:
		return
	}
	t.askedHolders = now
	holders, err := held.Holders(ctx, t.object)
	if err != nil {
		return
	}
	t.heldBy = ""
	if len(holders) > 0 {
		t.heldBy = "still in use by " + strings.Join(holders[:min(len(holders), mostHolders)], ", ")
		if more := len(holders) - mostHolders; more > 0 {
			t.heldBy += " and others"
		}
	}
}

// refused is why a deletion that the provider refuses for now has to wait.
func (t *task) refused(failure error) string {
	switch inUse := t.s.typ.Spec().InUse; {
	case t.heldBy != "":
		return t.heldBy
	case t.s.kind == stepDelete && inUse != "":
		return "still in use: " + inUse
	}
	return t.n.Text(failure)
}
