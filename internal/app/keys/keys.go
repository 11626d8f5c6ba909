package keys

import (
	"slices"
	"strings"
)

// Fate is what berth does with a Compose key.
type Fate string

// The fates. A row that is refused or ignored covers all keys below it.
const (
	// Mapped: the key has the same meaning on AWS.
	Mapped Fate = "mapped"
	// Noticed: mapped, but AWS may do something else than the file says, and berth
	// says what.
	Noticed Fate = "mapped with a notice"
	// Refused: berth does not run a file with this key.
	Refused Fate = "refused"
	// Ignored: the key has no effect on AWS, and berth says so.
	Ignored Fate = "ignored"
)

// Key is a row of the table of Compose keys.
type Key struct {
	// Pattern is the path, with * for a name and [] for an item of a list:
	// services.*.ports[].published.
	Pattern string `json:"pattern"`
	Fate    Fate   `json:"fate"`
	// Says is what the key becomes on AWS, or why it has no effect or is refused.
	Says string `json:"says"`
	// Remedy is what to do about a refused key.
	Remedy string `json:"remedy,omitempty"`
	// Golden names the folder under internal/blueprint/testdata/keys whose
	// graph changes when the key is removed. Mapped and noticed rows have one.
	Golden string `json:"-"`
	// ByValue says that the fate depends on the key's value, so that the stage that
	// translates the key reports it and not the table.
	ByValue bool `json:"by_value,omitempty"`
}

// Fits says whether a path matches the row's pattern: * matches any name, [] any
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

// Row is the row of a pattern, or of a key above it that is refused or ignored.
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

// rows makes rows of one fate from pairs of a pattern and what it says.
func rows(prefix string, fate Fate, list ...[2]string) []Key {
	keys := make([]Key, len(list))
	for i, row := range list {
		keys[i] = Key{Pattern: prefix + row[0], Fate: fate, Says: row[1]}
	}
	return keys
}

// mapped makes mapped rows with one golden folder.
func mapped(prefix, golden string, list ...[2]string) []Key {
	keys := rows(prefix, Mapped, list...)
	for i := range keys {
		keys[i].Golden = golden
	}
	return keys
}

// noticed makes rows with one golden folder whose notice depends on the value.
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
