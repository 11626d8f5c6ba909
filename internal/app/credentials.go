package app

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/credential"
)

// lookAt says when a literal looks like a credential, without showing it.
func (w *workload) lookAt(key, value, path string) {
	if credential.Variable(key, value) {
		w.translator.notice(path, "%s", credentialText(w.Name, key))
	}
}

// lookAtWords says the same of the words of a command.
func (w *workload) lookAtWords(key string, words []string) {
	if !slices.Equal(credential.Args(words), words) {
		w.notice(key, "%s has what looks like a credential, which can be read in the task definition; "+
			"as a variable written without a value it is a secret", key)
	}
}

func credentialText(service, key string) string {
	return fmt.Sprintf("service %s: %s looks like a credential and can be read in the task definition; written without a value, it is a secret", service, key)
}
