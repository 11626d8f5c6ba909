package app

import (
	"github.com/berthdev/berth/internal/app/variable"
	"github.com/berthdev/berth/internal/project"
)

const urlSecrets = "secrets into a URL as they are: store values that are percent-encoded, " +
	"or letters and digits, as `berth secret set NAME --random` makes them"

// sayURLs gives notice of a variable in which a secret is the user or the password of
// a URL. berth puts the value there as it is: someone who has stored an encoded one
// would get it encoded twice.
func (w *environment) sayURLs(key string, parts []project.Part, path string) {
	if variable.InURL(parts) {
		noticeOf(w.subject, project.Failure, path, key, "puts "+urlSecrets, "put "+urlSecrets)
	}
}
