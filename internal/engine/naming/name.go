package naming

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// Name makes a name of at most limit characters: a readable slug of original, a
// dash, four characters that mark the owner in the region, and six that hash
// the original name and the immutable attributes. Names that differ only in
// characters that the slug drops ("a_b", "a-b") differ in the hash. A limit
// below 20 counts as 20.
func Name(o fmt.Stringer, region, original string, limit int, immutable ...string) string {
	own := Mark(o, region)
	rest := hash32(append([]string{o.String(), region, original}, immutable...)...)[:6]
	slug := slugOf(original)
	if room := max(limit, 20) - len(own) - len(rest) - 1; len(slug) > room {
		slug = strings.TrimRight(slug[:room], "-")
	}
	return slug + "-" + own + rest
}

// Mark is the part of Name that all names of an owner in a region share, to
// tell owners apart in lists that show no tags.
func Mark(o fmt.Stringer, region string) string { return hash32(o.String(), region)[:4] }

// HasMark says whether a name that Name made may be the owner's. Other
// names may match by chance, so the object's tags decide.
func HasMark(name string, o fmt.Stringer, region string) bool {
	return MarkIn(name) == Mark(o, region)
}

// MarkIn is the Mark in a name that Name may have made; empty for other
// names.
func MarkIn(name string) string {
	i := strings.LastIndexByte(name, '-')
	if i < 0 || len(name)-i-1 != 10 {
		return ""
	}
	return name[i+1 : i+5]
}

func hash32(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))
}

// slugOf keeps lower-case letters and digits and turns the rest into single
// dashes; it begins with a letter, as ELB and RDS want.
func slugOf(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := strings.Trim(b.String(), "-")
	if out == "" || out[0] < 'a' {
		out = "b" + out
	}
	return out
}
