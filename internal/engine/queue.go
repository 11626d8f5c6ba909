package engine

import "container/heap"

// ticket is a request for a slot to make a call: to begin a step or, with a
// grant, to repeat a step's call after a pause.
type ticket struct {
	step  *step
	grant chan struct{}
	// at is the ticket's number; it keeps the order among equals.
	at int
}

// tickets is a heap: the longest remaining time first, and among equals the
// steps that have begun.
type tickets []ticket

func (t tickets) Len() int { return len(t) }

func (t tickets) Less(i, j int) bool {
	if t[i].step.rest != t[j].step.rest {
		return t[i].step.rest > t[j].step.rest
	}
	if begun := t[i].grant != nil; begun != (t[j].grant != nil) {
		return begun
	}
	return t[i].at < t[j].at
}

func (t tickets) Swap(i, j int) { t[i], t[j] = t[j], t[i] }

// Push implements heap.Interface.
func (t *tickets) Push(x any) { *t = append(*t, x.(ticket)) }

// Pop implements heap.Interface.
func (t *tickets) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// queue is the ready queue of a run.
type queue struct {
	heap   tickets
	issued int
}

func (q *queue) add(s *step, grant chan struct{}) {
	q.issued++
	heap.Push(&q.heap, ticket{step: s, grant: grant, at: q.issued})
}

func (q *queue) take() (ticket, bool) {
	if len(q.heap) == 0 {
		return ticket{}, false
	}
	return heap.Pop(&q.heap).(ticket), true
}

func (q *queue) clear() { q.heap = nil }
