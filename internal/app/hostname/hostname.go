// Package hostname says what can be a host name and a path on it. It imports nothing of
// berth.
package hostname

import (
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// maxHostName leaves room for the longer name of the record that marks a name as
// berth's: DNS allows 253 characters.
const maxHostName = 220

var (
	hostName = regexp.MustCompile(`^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	hostPath = regexp.MustCompile(`^(/[A-Za-z0-9_.$~"'@:+&()!,;=-]+)+$`)
)

// Valid says whether a text, as ASCII returns it, is a host name.
func Valid(name string) bool {
	return hostName.MatchString(name) && len(name) <= maxHostName && !isAddress(name)
}

// ValidPath says whether a text is a path prefix of a host.
func ValidPath(path string) bool { return hostPath.MatchString(path) && len(path) <= 120 }

// ASCII is a host name in lower case, with letters beyond ASCII encoded as DNS
// requires: xn--bcher-kva.example for bücher.example.
func ASCII(name string) string {
	wild, rest := "", name
	if after, ok := strings.CutPrefix(name, "*."); ok {
		wild, rest = "*.", after
	}
	if text, err := idna.Lookup.ToASCII(rest); err == nil && text != rest {
		return wild + strings.ToLower(text)
	}
	return strings.ToLower(name)
}

func isAddress(name string) bool { return strings.Trim(name, "0123456789.") == "" }
