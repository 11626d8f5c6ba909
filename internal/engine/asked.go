package engine

import (
	"crypto/sha256"
	"encoding/base64"
	"sort"
	"strings"
)

// Asked renders what was asked for as the value of TagAsked: two characters of
// a hash of each attribute's name and four of its value, sorted, at most 256
// characters for 42 attributes. Attributes that are not known, and those of which
// the wish says nothing, are left out.
func Asked(attrs []Attr) string {
	words := make([]string, 0, len(attrs))
	for _, a := range attrs {
		if a.Known && !a.Create && !a.Silent {
			words = append(words, short(a.Name, 2)+short(a.Value, 4))
		}
	}
	sort.Strings(words)
	return strings.Join(words, "")
}

// askedFor says what TagAsked tells of an attribute: whether it names it at
// all, and whether it was asked to have this value.
func askedFor(asked, name, value string) (known, same bool) {
	key := short(name, 2)
	for i := 0; i+6 <= len(asked); i += 6 {
		// Two names may share a key: any of its words may be the right one.
		if asked[i:i+2] == key {
			known = true
			same = same || asked[i+2:i+6] == short(value, 4)
		}
	}
	return known, same
}

// asksFor says that a mark names a value, whatever attribute it was asked for.
// Two values look the same in one of 16 million cases.
func asksFor(asked, value string) bool {
	word := short(value, 4)
	for i := 0; i+6 <= len(asked); i += 6 {
		if asked[i+2:i+6] == word {
			return true
		}
	}
	return false
}

// AskedForSome says that the last wish for the object set an attribute, as far
// as its mark tells: an attribute that was left empty, or that the mark does not
// name, gives false.
func (l Live) AskedForSome(name string) bool {
	known, empty := askedFor(l.Asked, name, "")
	return known && !empty
}

func short(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:n]
}
