package app

import (
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

const urlSecrets = "secrets into a URL as they are: store values that are percent-encoded, " +
	"or letters and digits, as `berth secret set NAME --random` makes them"

var (
	// urlBeforeSecret matches what stands before a part of the user and password of a
	// URL, urlAfterSecret what follows it.
	urlBeforeSecret = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@\s]*$`)
	urlAfterSecret  = regexp.MustCompile(`^[^/?#@\s]*@`)
)

// sayURLs gives notice of a variable in which a secret is the user or the password of
// a URL. berth puts the value there as it is: someone who has stored an encoded one
// would get it encoded twice.
func (w *environment) sayURLs(key string, parts []project.Part, path string) {
	for i, p := range parts {
		if p.Unset == "" || !urlBeforeSecret.MatchString(textOf(parts[:i])) || !urlAfterSecret.MatchString(textOf(parts[i+1:])) {
			continue
		}
		noticeOf(w.subject, project.Failure, path, key, "puts "+urlSecrets, "put "+urlSecrets)
		return
	}
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
