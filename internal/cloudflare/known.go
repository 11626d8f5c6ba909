package cloudflare

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/engine/memory"
)

// known is what earlier runs wrote down of the owners' zones at Cloudflare, and
// what this one has asked for. It is in the memory of a run's reading.
type known struct {
	// records are the ids of zones that hold records, made those of zones that
	// berth made.
	records, made []string
	intents       []intent
	all           bool

	mu sync.Mutex
	// sent are the names of zones whose creation this run has sent and not seen
	// refused.
	sent map[string]bool
}

// intent is a zone that a run meant to make, and when it may have done so.
type intent struct {
	name        string
	from, until time.Time
}

// The beginnings of notes in a lock's record.
const (
	noteRecords = "cloudflare:"
	noteZone    = "cloudflare-zone:"
	noteIntent  = "cloudflare-new:"
)

// NoteRecords is the note that a zone holds records of the owner.
func NoteRecords(id string) string { return noteRecords + id }

// NoteZone is the note that a zone is one that berth made.
func NoteZone(id string) string { return noteZone + id }

// NoteIntent is the note that a run is about to make a zone, which it can do until
// it ends. A zone has no mark until the call after the one that makes it: if the
// run dies in between, this note and the zone's date show that the zone is berth's.
func NoteIntent(name string, from, until time.Time) string {
	return noteIntent + name + "@" + from.UTC().Format(time.RFC3339) + "/" + until.UTC().Format(time.RFC3339)
}

// IsNote says whether a note is of a zone at Cloudflare.
func IsNote(note string) bool {
	return slices.ContainsFunc([]string{noteRecords, noteZone, noteIntent}, func(p string) bool { return strings.HasPrefix(note, p) })
}

const knownKey = "cloudflare.known"

// KnowZones gives the notes of earlier runs to the types of Cloudflare. all says
// that there may be other zones, so that a teardown must read every zone, as it
// also does without any notes.
func KnowZones(m *memory.Memory, notes []string, all bool) {
	k := &known{all: all}
	for _, n := range notes {
		if id, ok := strings.CutPrefix(n, noteRecords); ok {
			k.records = append(k.records, id)
		} else if id, ok := strings.CutPrefix(n, noteZone); ok {
			k.made = append(k.made, id)
		} else if text, ok := strings.CutPrefix(n, noteIntent); ok {
			k.intents = append(k.intents, readIntent(text)...)
		}
	}
	memory.Tell(m, knownKey, k)
}

// knownIn is what a memory knows of the zones. What the run asks for from now on
// goes there too.
func knownIn(m *memory.Memory) *known {
	k, _ := memory.Once(m, knownKey, func() (*known, error) { return &known{all: true}, nil }) // which cannot fail
	return k
}

// readIntent reads what NoteIntent wrote; nothing from anything else.
func readIntent(text string) []intent {
	name, times, _ := strings.Cut(text, "@")
	from, until, _ := strings.Cut(times, "/")
	i := intent{name: name}
	var err error
	if i.from, err = time.Parse(time.RFC3339, from); err != nil {
		return nil
	}
	if i.until, err = time.Parse(time.RFC3339, until); err != nil {
		return nil
	}
	return []intent{i}
}

// listed is a copy of what earlier runs wrote down.
type listed struct {
	records, made, meant []string
	all                  bool
}

func (k *known) list() listed {
	out := listed{records: slices.Clone(k.records), made: slices.Clone(k.made), all: k.all}
	for _, i := range k.intents {
		out.meant = append(out.meant, i.name)
	}
	return out
}

// Suspects says whether a zone may be one of berth's own, so that its mark is
// worth a call.
func Suspects(m *memory.Memory, z Zone) bool {
	have := knownIn(m).list()
	return have.all || slices.Contains(have.made, z.ID) || slices.Contains(have.meant, z.Name)
}

// skew is how far the clocks of Cloudflare and of a run may be apart.
const skew = 5 * time.Minute

// meant says whether a zone is bound to be one of berth's, mark or not: this run
// asked for it, or a run that did not end well, at that time, or a later run
// found so.
func (k *known) meant(z Zone) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sent[z.Name] || slices.Contains(k.made, z.ID) || slices.ContainsFunc(k.intents, func(i intent) bool {
		return i.name == z.Name && !z.Created.IsZero() && !z.Created.Before(i.from.Add(-skew)) && !z.Created.After(i.until.Add(skew))
	})
}

// send notes that the creation of a zone may have had its effect.
func (k *known) send(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sent == nil {
		k.sent = map[string]bool{}
	}
	k.sent[name] = true
}

// sentFor says whether this run's creation of a zone may have had its effect.
func (k *known) sentFor(name string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sent[name]
}
