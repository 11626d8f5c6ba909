package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// table holds the objects of one kind. It hides new objects and keeps deleted
// ones for as long as AWS's own views lag behind. The zero value is empty.
type table[T any] struct {
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

// put stores a new object. It exists at once for uniqueness checks (get), and
// appears to find and list later.
func (t *table[T]) put(a *Account, now time.Time, id string, v *T) *T {
	if t.Rows == nil {
		t.Rows = map[string]*row[T]{}
	}
	t.Rows[id] = &row[T]{ID: id, Seq: a.count("row"), Created: now, Value: v}
	return v
}

// get is the object as it really is: for uniqueness checks, for what happens
// by itself, and for what AWS reads consistently. Nil when there is none.
func (t *table[T]) get(id string) *T {
	if r := t.Rows[id]; r != nil && r.Deleted.IsZero() {
		return r.Value
	}
	return nil
}

// find is the object for a call that names it by id, as CreateSubnet names its
// VPC: nil for a moment after the creation when lag is on.
func (t *table[T]) find(rq *request, id string) *T {
	r := t.Rows[id]
	if r == nil || !r.Deleted.IsZero() || rq.now.Before(r.Created.Add(rq.account.useLag(id))) {
		return nil
	}
	return r.Value
}

// list is what a describe shows now, in the order of creation: without the
// objects that are too new, with some that are just deleted.
func (t *table[T]) list(rq *request) []*T {
	var rows []*row[T]
	for id, r := range t.Rows {
		if t.gone(rq, r) {
			delete(t.Rows, id)
			continue
		}
		if !rq.now.Before(r.Created.Add(rq.account.listLag(id))) {
			rows = append(rows, r)
		}
	}
	return values(rows)
}

// gone tells whether a deleted object has left the last view.
func (t *table[T]) gone(rq *request, r *row[T]) bool {
	return !r.Deleted.IsZero() && !rq.now.Before(r.Deleted.Add(rq.account.lingerLag(r.ID)))
}

// all is every object that really exists, in the order of creation.
func (t *table[T]) all() []*T {
	var rows []*row[T]
	for _, r := range t.Rows {
		if r.Deleted.IsZero() {
			rows = append(rows, r)
		}
	}
	return values(rows)
}

// remove deletes an object; views may show it a little longer. It tells
// whether the object existed.
func (t *table[T]) remove(now time.Time, id string) bool {
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
