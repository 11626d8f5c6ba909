package memory

import "sync"

// Memory is what the types remember of one reading, for each other and for the
// creates of the run that follows. Types that need the same describe call make it
// once (Once), a caller stores what it knows before it reads (Tell), and a create
// recalls what a list has found (Recall). Concurrent runs have a Memory each,
// though they share the types and their clients. The zero value is ready for use;
// nil remembers nothing.
type Memory struct {
	mu    sync.Mutex
	byKey map[string]*answer
}

// answer is one call's result; done is closed when it is there. It is a channel
// and not a mutex, because a test may wait for it in a testing/synctest bubble.
type answer struct {
	done  chan struct{}
	value any
	err   error
}

// Once returns what f returned when it was first called for this key during
// the reading that m belongs to. The key names the call and its arguments.
func Once[T any](m *Memory, key string, f func() (T, error)) (T, error) {
	if m == nil {
		return f()
	}
	a, first := m.claim(key)
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

// Tell stores value under the key.
func Tell[T any](m *Memory, key string, value T) {
	if m == nil {
		return
	}
	a := &answer{done: make(chan struct{}), value: value}
	close(a.done)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey == nil {
		m.byKey = map[string]*answer{}
	}
	m.byKey[key] = a
}

// Recall returns the value that Tell or Once stored under the key; ok is false
// if there is none yet.
func Recall[T any](m *Memory, key string) (value T, ok bool) {
	if m == nil {
		return value, false
	}
	m.mu.Lock()
	a := m.byKey[key]
	m.mu.Unlock()
	if a == nil {
		return value, false
	}
	select {
	case <-a.done:
	default:
		return value, false
	}
	if a.err != nil {
		return value, false
	}
	value, ok = a.value.(T)
	return value, ok
}

func (m *Memory) claim(key string) (a *answer, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey == nil {
		m.byKey = map[string]*answer{}
	}
	if a, ok := m.byKey[key]; ok {
		return a, false
	}
	a = &answer{done: make(chan struct{})}
	m.byKey[key] = a
	return a, true
}
