package gate

import (
	"context"
	"sync"
)

// Turns lets one change at a time go on at a thing that AWS, or what the change
// was made from, does not let two change at once. All runs that share them wait for
// one another. The zero value is ready for use; nil lets everybody go on.
type Turns struct {
	mu sync.Mutex
	// of hold one element while somebody has the turn. Channels and no mutexes,
	// because calls go on meanwhile, which may wait in a testing/synctest bubble.
	of map[string]chan struct{}
}

// Take waits for the turn at a thing; done ends it.
func (t *Turns) Take(ctx context.Context, thing string) (done func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	t.mu.Lock()
	if t.of == nil {
		t.of = map[string]chan struct{}{}
	}
	if t.of[thing] == nil {
		t.of[thing] = make(chan struct{}, 1)
	}
	turn := t.of[thing]
	t.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
