package world

import (
	"cmp"
	"slices"
	"time"
)

// Table holds the objects of one kind. It hides new objects and keeps deleted
// ones for as long as AWS's own views lag behind. The zero value is empty.
type Table[T any] struct {
	Rows map[string]*row[T]
}

// row is an object and its life.
type row[T any] struct {
	ID      string
	Seq     uint64
	Created time.Time
	// Deleted is zero while the object exists.
	Deleted time.Time
	Value   *T
}

// Put stores a new object. It exists at once for uniqueness checks (Get), and
// appears to Find and List later.
func (t *Table[T]) Put(a *Account, now time.Time, id string, v *T) *T {
	if t.Rows == nil {
		t.Rows = map[string]*row[T]{}
	}
	t.Rows[id] = &row[T]{ID: id, Seq: a.Next("row"), Created: now, Value: v}
	return v
}

// Get returns the object as it really is: for uniqueness checks, for events,
// and for AWS's consistent reads; nil if there is none.
func (t *Table[T]) Get(id string) *T {
	if r := t.Rows[id]; r != nil && r.Deleted.IsZero() {
		return r.Value
	}
	return nil
}

// Find returns the object for a call that names it by id, as CreateSubnet names
// its VPC: nil for a short time after the creation if lag is on.
func (t *Table[T]) Find(rq *Request, id string) *T {
	r := t.Rows[id]
	if r == nil || !r.Deleted.IsZero() || rq.Now.Before(r.Created.Add(rq.account.UseLag(id))) {
		return nil
	}
	return r.Value
}

// List returns what a describe call shows now, in the order of creation:
// without objects that are too new, and with some that have just been deleted.
func (t *Table[T]) List(rq *Request) []*T {
	var rows []*row[T]
	for id, r := range t.Rows {
		if t.gone(rq, r) {
			delete(t.Rows, id)
			continue
		}
		if !rq.Now.Before(r.Created.Add(rq.account.ListLag(id))) {
			rows = append(rows, r)
		}
	}
	return values(rows)
}

// gone reports whether a deleted object has left the last view.
func (t *Table[T]) gone(rq *Request, r *row[T]) bool {
	return !r.Deleted.IsZero() && !rq.Now.Before(r.Deleted.Add(rq.account.lingerLag(r.ID)))
}

// All returns every object that really exists, in the order of creation.
func (t *Table[T]) All() []*T {
	var rows []*row[T]
	for _, r := range t.Rows {
		if r.Deleted.IsZero() {
			rows = append(rows, r)
		}
	}
	return values(rows)
}

// Remove deletes an object, which views may show a little longer, and returns
// whether it existed.
func (t *Table[T]) Remove(now time.Time, id string) bool {
	r := t.Rows[id]
	if r == nil || !r.Deleted.IsZero() {
		return false
	}
	r.Deleted = now
	return true
}

func values[T any](rows []*row[T]) []*T {
	slices.SortFunc(rows, func(a, b *row[T]) int { return cmp.Compare(a.Seq, b.Seq) })
	out := make([]*T, len(rows))
	for i, r := range rows {
		out[i] = r.Value
	}
	return out
}
