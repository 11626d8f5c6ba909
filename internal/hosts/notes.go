package hosts

import (
	"slices"
	"time"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// anyZone takes the place of a zone in a lock's record if the zone's id was not
// known when the record was written.
const anyZone = "*"

// Notes say where earlier runs made zones and records, as they wrote it into
// their locks' records. The zero value says that they made none.
type Notes struct {
	Zones []string
	// Incomplete says that there may be other zones, so that a teardown must read
	// every zone.
	Incomplete bool
}

// Add takes in what a lock's record says; written is false for a lock without a
// record.
func (n *Notes) Add(zones []string, written bool) {
	n.Incomplete = n.Incomplete || !written || slices.Contains(zones, anyZone)
	for _, z := range zones {
		if z != anyZone {
			n.Zones = append(n.Zones, z)
		}
	}
}

// Remember fills the memory of a reading with the places where earlier runs made
// zones and records.
func (h *Hosts) Remember(m *memory.Memory, n Notes) {
	for _, p := range h.providers() {
		p.Remember(m, n)
	}
}

// NotesBefore adds to the notes of a lock the zones that a run will use or make
// from one moment until another.
func (h *Hosts) NotesBefore(notes []string, zones map[string]blueprint.Zone, from, until time.Time) []string {
	out := slices.Clone(notes)
	for _, z := range zones {
		out = append(out, h.at(z.Provider).NotesBefore(z, from, until)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NotesAfter are the notes of a run that has ended well: the zones of the objects
// that there are and of those that the plan has left.
func (h *Hosts) NotesAfter(plan *engine.Plan, objects map[engine.Address]engine.Object) []string {
	var out []string
	add := func(typ, id string) {
		for _, p := range h.providers() {
			out = append(out, p.NotesAfter(typ, id)...)
		}
	}
	for _, a := range plan.Actions {
		if a.Verb == engine.VerbLeave {
			add(a.Type, a.ID)
		}
	}
	for a, o := range objects {
		add(a.Type, o.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
