package keys

import (
	"slices"
	"strings"
)

// Fate is what berth does with a Compose key.
type Fate string

// The fates. A row that is refused or ignored covers all keys below it.
const (
	// Mapped: the key has its meaning on AWS.
	Mapped Fate = "mapped"
	// Noticed: mapped, but AWS does something else than asked, and berth says
	// what.
	Noticed Fate = "mapped with a notice"
	// Refused: the file cannot be run with it.
	Refused Fate = "refused"
	// Ignored: it means nothing on AWS, and berth says so.
	Ignored Fate = "ignored"
)

// Key is a row of the table of Compose keys.
type Key struct {
	// Pattern is the path, with * for a name and [] for an item of a list:
	// services.*.ports[].published.
	Pattern string `json:"pattern"`
	Fate    Fate   `json:"fate"`
	// Says is what the key becomes, or why it does not.
	Says string `json:"says"`
	// Remedy is what to do about a refused key.
	Remedy string `json:"remedy,omitempty"`
	// Golden names the folder under internal/blueprint/testdata/keys whose
	// graph changes when the key is taken out. Mapped and noticed rows have one.
	Golden string `json:"-"`
	// ByValue says that it depends on the value, so that the code of its
	// concern speaks and not the table.
	ByValue bool `json:"by_value,omitempty"`
}

// Fits says whether a path is one of the row's pattern: * is any name, [] any
// index.
func (k Key) Fits(at string) bool {
	pattern, path := strings.Split(k.Pattern, "."), strings.Split(at, ".")
	if len(pattern) != len(path) {
		return false
	}
	for i, want := range pattern {
		got := path[i]
		if list, ok := strings.CutSuffix(want, "[]"); ok {
			name, _, indexed := strings.Cut(got, "[")
			if !indexed || name != list {
				return false
			}
			continue
		}
		if want != "*" && want != got {
			return false
		}
	}
	return true
}

// All are all rows, in the order of the files: services, build, deploy, then the
// top level.
func All() []Key {
	return slices.Concat(topKeys(), containerKeys(), runtimeKeys(), modelKeys(), ignoredKeys(), healthKeys(), portKeys(), networkKeys(), deployKeys(), sizeKeys(), buildKeys(), volumeKeys(), secretKeys())
}

// Table finds rows by pattern.
type Table map[string]Key

// NewTable returns the table of all rows.
func NewTable() Table {
	t := Table{}
	for _, k := range All() {
		t[k.Pattern] = k
	}
	return t
}

// Row is the row of a pattern: its own, or the refused or ignored one above.
func (t Table) Row(pattern string) (Key, bool) {
	if k, ok := t[pattern]; ok {
		return k, true
	}
	for at := pattern; ; {
		i := strings.LastIndexAny(at, ".[")
		if i < 0 {
			return Key{}, false
		}
		at = at[:i]
		if k, ok := t[at]; ok {
			return k, k.Fate == Refused || k.Fate == Ignored
		}
	}
}

// OfService is what the table says of a key of services.
func (t Table) OfService(key string) string { return t[service+key].Says }

// rows makes rows of one fate from patterns and sentences.
func rows(prefix string, fate Fate, list ...[2]string) []Key {
	keys := make([]Key, len(list))
	for i, row := range list {
		keys[i] = Key{Pattern: prefix + row[0], Fate: fate, Says: row[1]}
	}
	return keys
}

// mapped makes rows that one golden folder shows.
func mapped(prefix, golden string, list ...[2]string) []Key {
	keys := rows(prefix, Mapped, list...)
	for i := range keys {
		keys[i].Golden = golden
	}
	return keys
}

// noticed makes rows that one golden folder shows, and whose notice depends on
// the value.
func noticed(prefix, golden string, list ...[2]string) []Key {
	keys := mapped(prefix, golden, list...)
	for i := range keys {
		keys[i].Fate, keys[i].ByValue = Noticed, true
	}
	return keys
}

// byValue marks rows whose fate depends on the value.
func byValue(keys []Key) []Key {
	for i := range keys {
		keys[i].ByValue = true
	}
	return keys
}

// remedy gives rows a remedy.
func remedy(keys []Key, text string) []Key {
	for i := range keys {
		keys[i].Remedy = text
	}
	return keys
}
