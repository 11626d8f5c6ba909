package route53

import (
	"context"
	"slices"
	"sync"
)

// Known is which zones hold records of the owners, as earlier runs wrote it
// down, and whose turn it is to change a zone. The zero value knows that there
// are none; nil knows nothing.
type Known struct {
	mu    sync.Mutex
	zones []string
	all   bool
	// turns hold one element while somebody changes the zone. Channels, for
	// whoever waits does so during calls.
	turns map[string]chan struct{}
}

// Set says which zones the owners' records are in; all says that nobody knows,
// so that every zone has to be looked at before a teardown.
func (k *Known) Set(zones []string, all bool) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.zones, k.all = slices.Clone(zones), all
}

// list are the zones that are known of, and whether there may be others.
func (k *Known) list() (zones []string, all bool) {
	if k == nil {
		return nil, true
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.zones), k.all
}

// takeTurn waits until nobody else changes the zone: Route 53 refuses a batch
// for a zone while it works on another one (PriorRequestNotComplete).
func (k *Known) takeTurn(ctx context.Context, zone string) (done func(), err error) {
	if k == nil {
		return func() {}, nil
	}
	k.mu.Lock()
	if k.turns == nil {
		k.turns = map[string]chan struct{}{}
	}
	if k.turns[zone] == nil {
		k.turns[zone] = make(chan struct{}, 1)
	}
	turn := k.turns[zone]
	k.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
