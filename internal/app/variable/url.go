package variable

import (
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

var (
	// urlBeforeSecret matches what stands before a part of the user and password of a
	// URL, urlAfterSecret what follows it.
	urlBeforeSecret = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@\s]*$`)
	urlAfterSecret  = regexp.MustCompile(`^[^/?#@\s]*@`)
)

// InURL reports whether a secret among the parts of a value is the user or the password
// of a URL.
func InURL(parts []project.Part) bool {
	for i, p := range parts {
		if p.Unset != "" && urlBeforeSecret.MatchString(textOf(parts[:i])) && urlAfterSecret.MatchString(textOf(parts[i+1:])) {
			return true
		}
	}
	return false
}

// textOf is the text of parts, with a letter for each secret.
func textOf(parts []project.Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
		if p.Unset != "" {
			b.WriteByte('x')
		}
	}
	return b.String()
}
