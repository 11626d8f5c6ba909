package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"sort"
	"strings"
)

// LastApplied renders what was asked for as the value of TagLastApplied: two characters of
// a hash of each attribute's name and four of its value, sorted, at most 256 characters
// for 42 attributes. It leaves out attributes that are not known, and those that the
// desired state does not set.
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

// lastAppliedAs says whether TagLastApplied holds an attribute, and whether berth last
// asked for this value of it.
func lastAppliedAs(lastApplied, name, value string) (known, same bool) {
	key := short(name, 2)
	for i := 0; i+6 <= len(lastApplied); i += 6 {
		// Two names may share a key: each entry with that key may be the right
		// one.
		if lastApplied[i:i+2] == key {
			known = true
			same = same || lastApplied[i+2:i+6] == short(value, 4)
		}
	}
	return known, same
}

// asksFor says that a mark holds a value, for whichever attribute. Two values
// have the same hash in one of 16 million cases.
func asksFor(lastApplied, value string) bool {
	word := short(value, 4)
	for i := 0; i+6 <= len(lastApplied); i += 6 {
		if lastApplied[i+2:i+6] == word {
			return true
		}
	}
	return false
}

// LastAppliedPart says whether, according to its mark, the object's last desired state set
// an attribute. It is false for an attribute that was left empty or that the mark does not
// hold.
func (l Object) LastAppliedPart(name string) bool {
	known, empty := lastAppliedAs(l.LastApplied, name, "")
	return known && !empty
}

func short(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:n]
}
