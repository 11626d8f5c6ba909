package world

import (
	"container/heap"
	"time"
)

// event is something that will happen by itself.
type event struct {
	At time.Time
	// Kind names what happens, such as "ec2.nat.available"; a service registers it
	// with router.event.
	Kind string
	// ID is the object that it happens to.
	ID string
	// Seq orders events of the same moment: first scheduled, first to happen.
	Seq uint64
}

// eventQueue is a heap of events, earliest first.
type eventQueue []event

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	if !q[i].At.Equal(q[j].At) {
		return q[i].At.Before(q[j].At)
	}
	return q[i].Seq < q[j].Seq
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *eventQueue) Push(x any) { *q = append(*q, x.(event)) }

// Pop implements heap.Interface.
func (q *eventQueue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	*q = (*q)[:last]
	return e
}

// Schedule schedules an event. An event in the past happens at the next
// settling. An event cannot be cancelled: its handler must check whether it
// still applies.
func (a *Account) Schedule(at time.Time, kind, id string) {
	heap.Push(&a.events, event{At: at, Kind: kind, ID: id, Seq: a.Next("event")})
}

// settle runs all events that are due by now, in the order of their times. An
// event may schedule others, which happen in the same settling if they are due,
// so the outcome does not depend on how often the world is asked.
func (a *Account) settle(now time.Time) {
	defer func() { a.at = time.Time{} }()
	for len(a.events) > 0 && !a.events[0].At.After(now) {
		e := heap.Pop(&a.events).(event)
		a.at = e.At
		if f := a.happens[e.Kind]; f != nil {
			f(e.At, e.ID)
		}
	}
}
