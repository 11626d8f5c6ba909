package run

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// mostChanges bounds what a lock record remembers; a run that changes more than
// that within state.Settle of its end counts as unsettled.
const mostChanges = 200

// stillNew is how long an object counts as new of which no run has seen that it
// is of use (engine.Spec.SettleIn). It is longer than any of them takes to be
// ready: mount targets can take ten minutes.
const stillNew = 20 * time.Minute

// changed notes an action that is complete, for whoever runs next.
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

// settling notes an object that is not of use when it is ready, from its
// beginning until it is: a run that dies in between leaves the next one a word,
// at the latest with the lock's next renewal.
func (h *locks) settling(e engine.Event) {
	if e.ID == "" || e.Verb == engine.VerbDelete || h.settles == nil || !h.settles(e.Address.Type) {
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
func (h *locks) inherit(p *Prepared, now time.Time) {
	for o, seen := range p.Seen {
		for _, c := range seen.Record.Changes {
			if ago := seen.Ago(c); c.New && ago < stillNew {
				c.Before = 0
				h.recent = append(h.recent, recent{owner: o, at: now.Add(-ago), change: c})
			}
		}
	}
}

// isNew says whether the last run made an object, or found it new, and did not
// see that it was of use. One that died has not said what it made.
func (p *Prepared) isNew(l engine.Object) bool {
	for owner, seen := range p.Seen {
		if seen.Unclean && owner == l.Address.Owner && seen.Ago(state.Change{}) < stillNew {
			return true
		}
		for _, c := range seen.Record.Changes {
			if c.New && c.Type == l.Address.Type && c.ID == l.ID && seen.Ago(c) < stillNew {
				return true
			}
		}
	}
	return false
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

// behind is how long AWS's lists may still be behind the last run, judged by
// what they show: zero if they show all that it made and nothing that it
// deleted. Only objects of which nothing but the list tells are looked for;
// any other is found when it is made again.
func (s *Session) behind(p *Prepared) time.Duration {
	var rest time.Duration
	for _, seen := range p.Seen {
		for _, c := range seen.Record.Changes {
			typ, ok := s.Registry.Lookup(c.Type)
			if !ok || c.New || !c.Gone && typ.Spec().Identity != engine.ByTag {
				continue
			}
			there := slices.ContainsFunc(p.World.Objects(c.Type), func(l engine.Object) bool {
				return l.ID == c.ID && l.State != engine.StateDeleting
			})
			if there == c.Gone {
				rest = max(rest, seen.Rest(c))
			}
		}
	}
	return rest
}

// list reads what the owners have, once more when AWS's lists were behind.
func (s *Session) list(ctx context.Context, p *Prepared, draft *engine.Graph) error {
	adopt, err := s.adopted(p)
	if err != nil {
		return err
	}
	opts := engine.ReadOptions{
		Deep: p.Request.Deep, Whole: p.Request.Deep || p.Request.Down || p.unclean(), Emit: s.Emit,
		Pass: s.passes(ctx, p, draft), MadeUp: []string{"cidr", "zone"}, // see read
		Adopt: adopt, Tell: func(m *engine.Memory) { s.Hosts().Remember(m, p.notes()) },
	}
	p.World, err = engine.Read(ctx, s.Registry, draft, s.owners(), opts)
	if err != nil {
		return err
	}
	rest := s.behind(p)
	if rest <= 0 {
		return nil
	}
	s.Waits(fmt.Sprintf("AWS's lists do not show yet all that the last run changed; reading them again in %s", rest.Round(time.Second)))
	if err := s.Clock.Sleep(ctx, rest); err != nil {
		return err
	}
	p.World, err = engine.Read(ctx, s.Registry, draft, s.owners(), opts)
	return err
}

// Waits tells what the run waits for outside of an action.
func (s *Session) Waits(detail string) {
	if s.Emit != nil {
		s.Emit(engine.Event{Time: s.Clock.Now(), Kind: engine.Waiting, Detail: detail})
	}
}
