package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// memory is a Store whose clock is the bubble's and whose answers can get lost.
type memory struct {
	mu       sync.Mutex
	objects  map[string]memoryObject
	writes   int
	loseNext bool // the next Put takes effect but answers an error
	failNext int  // so many Puts fail without effect
}

type memoryObject struct {
	data []byte
	at   time.Time
	n    int
}

func (m *memory) Where() string { return "memory" }

func (m *memory) Get(_ context.Context, key string) (Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.objects[key]
	if !ok {
		return Object{}, &MissingError{Key: key}
	}
	return Object{Data: o.data, Version: fmt.Sprint(o.n), Age: time.Since(o.at)}, nil
}

func (m *memory) Put(_ context.Context, key string, data []byte, cond Condition) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failNext > 0 {
		m.failNext--
		return "", errors.New("no route to host")
	}
	o, ok := m.objects[key]
	if ok && (cond.Absent || cond.Version != "" && cond.Version != fmt.Sprint(o.n)) || !ok && cond.Version != "" {
		return "", &ConflictError{Key: key}
	}
	if m.objects == nil {
		m.objects = map[string]memoryObject{}
	}
	m.writes++
	m.objects[key] = memoryObject{data: data, at: time.Now(), n: m.writes}
	if m.loseNext {
		m.loseNext = false
		// What a client sees that repeats a conditional write after a lost answer.
		return "", &ConflictError{Key: key}
	}
	return fmt.Sprint(m.writes), nil
}

func (m *memory) List(_ context.Context, prefix string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key := range m.objects {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// drop deletes an object, as somebody else would.
func (m *memory) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
}

// fail makes the next n Puts fail.
func (m *memory) fail(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failNext = n
}
