package app

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// environment sorts the variables into literals and secrets. One without a
// value, and one whose ${VAR} has none, needs a secret: nothing becomes blank
// in silence.
func (w *workload) environment() {
	w.Env = map[string]string{}
	for _, key := range sorted(w.compose.Environment) {
		if _, given := w.x.Secrets[key]; given {
			continue
		}
		path := w.path + ".environment." + key
		value := w.compose.Environment[key]
		if value == nil {
			w.secret(key, key, path)
			continue
		}
		switch parts := project.Parts(*value); {
		case len(project.Unset(*value)) == 0:
			w.Env[key] = *value
			w.lookAt(key, *value, path)
		case len(parts) == 1:
			w.secret(key, parts[0].Unset, path)
		default:
			w.Secrets = append(w.Secrets, Secret{Name: key, From: w.Name + "/" + key, Origin: w.at(path).String()})
			for _, name := range project.Unset(*value) {
				w.needs(name, path)
			}
		}
	}
	for _, key := range sorted(w.x.Secrets) {
		from, path := w.x.Secrets[key], w.path+".x-berth.secrets."+key
		if strings.HasPrefix(from, "arn:") || strings.HasPrefix(from, "/") {
			w.Secrets = append(w.Secrets, Secret{Name: key, From: from, Origin: w.at(path).String()})
			continue
		}
		w.secret(key, from, path)
	}
}

// secret fills a variable from a secret of berth's own.
func (w *workload) secret(key, from, path string) {
	if !secretName.MatchString(from) {
		w.translator.refuse(path, fmt.Sprintf("service %s: %q cannot be the name of a secret", w.Name, from), "", "use letters, digits and the characters _ . -")
		return
	}
	w.Secrets = append(w.Secrets, Secret{Name: key, From: from, Origin: w.at(path).String()})
	w.needs(from, path)
}

var secretName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)

// needs notes a secret that must have a value before the deployment.
func (w *workload) needs(name, path string) {
	if !w.secrets[name] {
		w.secrets[name] = true
		w.translator.later(path, "value of "+name, comesSecrets)
	}
}

var (
	credentialName  = regexp.MustCompile(`(?i)(passw(or)?d|passphrase|secret|token|api_?key|private_?key|access_?key|credential)`)
	harmlessName    = regexp.MustCompile(`(?i)(_file|_path|_url|_name|_id|_ttl|expir|lifetime|allow_empty)`)
	credentialValue = regexp.MustCompile(`^(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{20,}|xox[abp]-|-----BEGIN )`)
)

// lookAt says when a literal looks like a credential, without showing it.
func (w *workload) lookAt(key, value, path string) {
	named := credentialName.MatchString(key) && !harmlessName.MatchString(key) && len(value) > 4
	if named || credentialValue.MatchString(value) || hasPassword(value) {
		w.translator.notice(path, "service %s: %s looks like a credential and can be read in the task definition; written without a value, it is a secret", w.Name, key)
	}
}

func hasPassword(value string) bool {
	if !strings.Contains(value, "://") {
		return false
	}
	u, err := url.Parse(value)
	if err != nil || u.User == nil {
		return false
	}
	password, ok := u.User.Password()
	return ok && password != ""
}
