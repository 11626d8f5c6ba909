package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"sort"
	"strings"
)

// LastApplied renders what was asked for as the value of TagLastApplied: two characters of
// a hash of each attribute's name and four of its value, sorted, at most 256
// characters for 42 attributes. Attributes that are not known, and those of which
// the desired state says nothing, are left out.
func LastApplied(attrs []Attr) string {
	words := make([]string, 0, len(attrs))
	for _, a := range attrs {
		if a.Known && !a.Create && !a.Silent {
			words = append(words, short(a.Name, 2)+short(a.Value, 4))
		}
	}
	sort.Strings(words)
	return strings.Join(words, "")
}

// lastAppliedAs says what TagLastApplied tells of an attribute: whether it names it at
// all, and whether it was asked to have this value.
func lastAppliedAs(lastApplied, name, value string) (known, same bool) {
	key := short(name, 2)
	for i := 0; i+6 <= len(lastApplied); i += 6 {
		// Two names may share a key: any of its words may be the right one.
		if lastApplied[i:i+2] == key {
			known = true
			same = same || lastApplied[i+2:i+6] == short(value, 4)
		}
	}
	return known, same
}

// asksFor says that a mark names a value, whatever attribute it was asked for.
// Two values look the same in one of 16 million cases.
func asksFor(lastApplied, value string) bool {
	word := short(value, 4)
	for i := 0; i+6 <= len(lastApplied); i += 6 {
		if lastApplied[i+2:i+6] == word {
			return true
		}
	}
	return false
}

// LastAppliedPart says that the last desired state for the object set an attribute, as far
// as its mark tells: an attribute that was left empty, or that the mark does not
// name, gives false.
func (l Object) LastAppliedPart(name string) bool {
	known, empty := lastAppliedAs(l.LastApplied, name, "")
	return known && !empty
}

func short(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:n]
}
