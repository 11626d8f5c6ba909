package engine

import "sync"

// Calls are the answers that several types share during one reading, so that
// two types which need the same describe call make it once. The zero value is
// ready for use.
type Calls struct {
	mu   sync.Mutex
	byID map[string]*answer
}

// answer is one call's result; done is closed when it is there. A channel and
// no mutex, because whoever waits may do so in a testing/synctest bubble.
type answer struct {
	done  chan struct{}
	value any
	err   error
}

// Once returns what f returned when it was first called for this key during
// the reading that q belongs to. The key names the call and its arguments.
func Once[T any](q Query, key string, f func() (T, error)) (T, error) {
	if q.Calls == nil {
		return f()
	}
	a, first := q.Calls.claim(key)
	if first {
		a.value, a.err = f()
		close(a.done)
	}
	<-a.done
	if a.err != nil {
		var zero T
		return zero, a.err
	}
	return a.value.(T), nil
}

func (c *Calls) claim(key string) (a *answer, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byID == nil {
		c.byID = map[string]*answer{}
	}
	if a, ok := c.byID[key]; ok {
		return a, false
	}
	a = &answer{done: make(chan struct{})}
	c.byID[key] = a
	return a, true
}
