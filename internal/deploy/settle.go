package deploy

import (
	"slices"
	"time"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// mostChanges bounds what a lock record remembers; a run that changes more than
// that within state.Settle of its end counts as unsettled.
const mostChanges = 200

// stillNew is how long an object counts as new if no run has seen it usable
// (engine.Spec.SettleIn). It is longer than any object takes to be ready: mount
// targets can take ten minutes.
const stillNew = 20 * time.Minute

// changed notes an action that is complete, for the next run.
func (h *locks) changed(e engine.Event) {
	h.settling(e)
	switch e.Verb {
	case engine.VerbCreate, engine.VerbUpdate, engine.VerbReplace, engine.VerbDelete:
	case engine.VerbWait, engine.VerbRecord, engine.VerbLeave, engine.VerbNone:
		return
	}
	if e.Kind != engine.Done && e.Kind != engine.Made || e.ID == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent = append(h.recent, recent{
		owner: e.Address.Owner, at: e.Time,
		change: state.Change{Type: e.Address.Type, ID: e.ID, Gone: e.Verb == engine.VerbDelete},
	})
}

// settling notes an object that is not usable as soon as it is ready, from its
// creation until it is usable. If the run dies in between, the next run finds the
// note, which is written with the lock's next renewal at the latest.
func (h *locks) settling(e engine.Event) {
	if e.ID == "" || e.Verb == engine.VerbDelete || !h.settles(e.Address.Type) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	change := state.Change{Type: e.Address.Type, ID: e.ID, New: true}
	i := slices.IndexFunc(h.recent, func(r recent) bool { return r.change == change })
	made := e.Kind == engine.Made && (e.Verb == engine.VerbCreate || e.Verb == engine.VerbReplace)
	found := e.Kind == engine.Started && e.Verb == engine.VerbWait
	switch {
	case e.Kind == engine.Done && i >= 0:
		h.recent = slices.Delete(h.recent, i, i+1)
	case (made || found) && i < 0:
		h.recent = append(h.recent, recent{owner: e.Address.Owner, at: e.Time, change: change})
	default:
		return
	}
	if k, ok := h.byOwner[e.Address.Owner]; ok {
		h.note(k, e.Time, false)
	}
}

// inherit takes over from the last run what it left new.
func (h *locks) inherit(sighted sighting, now time.Time) {
	for o, seen := range sighted {
		for _, c := range seen.Record.Changes {
			if ago := seen.Ago(c); c.New && ago < stillNew {
				c.Before = 0
				h.recent = append(h.recent, recent{owner: o, at: now.Add(-ago), change: c})
			}
		}
	}
}

// recent is a change with its moment.
type recent struct {
	owner  engine.Owner
	at     time.Time
	change state.Change
}

// note writes into an owner's lock what AWS's lists may not show yet. Callers
// hold the mutex.
func (h *locks) note(k *state.Lock, now time.Time, failed bool) {
	var list []state.Change
	for _, r := range slices.Backward(h.recent) {
		c := r.change
		c.Before = now.Sub(r.at)
		known := slices.ContainsFunc(list, func(o state.Change) bool { return o.Type == c.Type && o.ID == c.ID && o.New == c.New })
		counts := c.Before < state.Settle || c.New && c.Before < stillNew
		if r.owner == k.Owner() && counts && !known {
			list = append(list, c)
		}
	}
	if len(list) > mostChanges {
		list, failed = nil, true
	}
	k.Note(list, failed)
}

// noteAll is note for the locks that are still held.
func (h *locks) noteAll(now time.Time, failed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, k := range h.byOwner {
		h.note(k, now, failed)
	}
}

// settles reports whether objects of a type become usable only some time after they
// are ready.
func (h *locks) settles(name string) bool {
	typ, ok := h.registry.Lookup(name)
	return ok && typ.Spec().SettleIn > 0
}
