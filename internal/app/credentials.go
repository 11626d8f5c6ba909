package app

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

var (
	credentialName  = regexp.MustCompile(`(?i)(passw(or)?d|passphrase|secret|token|api_?key|private_?key|access_?key|credential)`)
	harmlessName    = regexp.MustCompile(`(?i)(_file|_path|_url|_name|_id|_ttl|expir|lifetime|allow_empty)`)
	credentialValue = regexp.MustCompile(`^(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{20,}|xox[abp]-)`)
	privateKey      = regexp.MustCompile(`^\s*-----BEGIN [A-Z ]*PRIVATE KEY`)
	// setting is a line that sets something in one of the usual languages of
	// configuration files.
	setting = regexp.MustCompile(`^\s*["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*["']?([^\s"',;]+)["']?[,;]?\s*$`)
)

// lookAt says when a literal looks like a credential, without showing it.
func (w *workload) lookAt(key, value, path string) {
	if isCredential(key, value) {
		w.translator.notice(path, "%s", credentialText(w.Name, key))
	}
}

// isCredential says whether a variable's name or its value looks like that of
// a credential.
func isCredential(key, value string) bool {
	named := credentialName.MatchString(key) && !harmlessName.MatchString(key) && len(value) > 4
	return named || credentialValue.MatchString(value) || privateKey.MatchString(value) || hasPassword(value)
}

func credentialText(service, key string) string {
	return fmt.Sprintf("service %s: %s looks like a credential and can be read in the task definition; written without a value, it is a secret", service, key)
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

// looksSecret says whether a text, such as a configuration file, has a
// credential in one of its lines. What a line takes from elsewhere, by $NAME or
// from a file, is none.
func looksSecret(text string) bool {
	for line := range strings.Lines(text) {
		if m := setting.FindStringSubmatch(line); m != nil && !strings.ContainsAny(m[2][:1], "$/<%{") && isCredential(m[1], m[2]) {
			return true
		}
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n\"',;=", r) }) {
			if credentialValue.MatchString(word) || hasPassword(word) {
				return true
			}
		}
		if privateKey.MatchString(line) {
			return true
		}
	}
	return false
}
