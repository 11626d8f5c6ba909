package engine

import (
	"context"
	"strings"
	"time"
)

// Held is the ability of a Type whose objects the provider does not delete while others
// use them. Like Poller it is optional.
type Held interface {
	// Holders says what keeps an object from being deleted, each in a few words:
	// what it is, whose, and since when. It is asked when the provider has refused the
	// deletion for some seconds. None means that nothing was found.
	Holders(ctx context.Context, object Object) ([]string, error)
}

const (
	// holdersAfter is how long a deletion is refused before it is asked what
	// holds the object: the provider itself lets go of most things within that.
	holdersAfter = 5 * time.Second
	// holdersAgain is the time between two such questions.
	holdersAgain = 30 * time.Second
	// mostHolders is how many are named.
	mostHolders = 3
)

func (e erased[R]) Held() (Held, bool) {
	h, ok := any(e.t).(Held)
	return h, ok
}

// findHolders notes what holds the object of a deletion that is being refused.
// Whoever may not look waits as before: the provider's words are told then.
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
		t.heldBy = "held by " + strings.Join(holders[:min(len(holders), mostHolders)], ", ")
		if more := len(holders) - mostHolders; more > 0 {
			t.heldBy += " and others"
		}
		t.heldBy += "; "
	}
}
