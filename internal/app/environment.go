package app

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
)

// environment sorts the variables into literals, secrets, and those that may
// be either. One without a value, and one whose ${VAR} has none, needs a
// secret: nothing becomes blank in silence.
func (w *workload) environment() {
	w.Env = map[string]string{}
	for _, key := range sorted(w.compose.Environment) {
		if _, existing := w.x.Secrets[key]; existing {
			continue
		}
		path := w.path + ".environment." + key
		value := w.compose.Environment[key]
		if value == nil {
			w.secret(key, key, path)
			continue
		}
		parts, ok := w.project.Filled.Value(w.Name, key)
		if !ok {
			parts = project.Parts(*value)
		}
		switch {
		case !ok && len(project.Unset(*value)) == 0:
			w.Env[key] = *value
			w.lookAt(key, *value, path)
		case len(parts) == 1 && parts[0].Unset != "":
			w.secret(key, parts[0].Unset, path)
		default:
			w.variable(key, parts, path)
		}
	}
	for _, key := range sorted(w.x.Secrets) {
		from, path := w.x.Secrets[key], w.path+".x-berth.secrets."+key
		if Existing(from) {
			w.existingSecret(key, from, path)
			continue
		}
		w.secret(key, from, path)
	}
	if arn := w.x.PullCredentials; arn != "" {
		w.PullCredentials = arn
		if !secretARN.MatchString(arn) {
			w.refuse("x-berth.pull_credentials", fmt.Sprintf("pull_credentials cannot be %q", arn), "ECS takes them from AWS Secrets Manager",
				"write the ARN of a secret with the keys username and password, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME")
		}
	}
}

// secret fills a variable from a secret of berth's own.
func (w *workload) secret(key, from, path string) {
	if w.named(from, path) {
		w.Secrets = append(w.Secrets, Secret{Name: key, From: from, Origin: w.at(path).String()})
	}
}

// variable is one that secrets have or may have a part in.
func (w *workload) variable(key string, parts []project.Part, path string) {
	v := Variable{Name: key, Origin: w.at(path).String()}
	var texts strings.Builder
	for _, p := range parts {
		texts.WriteString(p.Text)
		part := Part{Text: p.Text, Secret: p.Unset + p.Var, Optional: p.Var != ""}
		if part.Secret != "" && !w.named(part.Secret, path) {
			return
		}
		v.Parts = append(v.Parts, part)
	}
	v.Suspicious = credential.Variable(key, texts.String())
	w.Variables = append(w.Variables, v)
}

// named refuses what cannot be the name of a secret.
func (w *workload) named(name, path string) bool {
	if problem := SecretNameProblem(name); problem != "" {
		w.translator.refuse(path, fmt.Sprintf("service %s: %q cannot be the name of a secret", w.Name, name), problem, "use letters, digits and the characters _ . -")
		return false
	}
	return true
}

// existingSecret fills a variable from a parameter or a secret that exists.
func (w *workload) existingSecret(key, from, path string) {
	if !existingSecret.MatchString(from) {
		w.translator.refuse(path, fmt.Sprintf("service %s: %q is no parameter and no secret", w.Name, from), "",
			"write a parameter's path, /team/name, or the ARN of a parameter or of a secret")
		return
	}
	w.Secrets = append(w.Secrets, Secret{Name: key, From: from, Origin: w.at(path).String()})
}

var (
	secretName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)
	secretARN  = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	// existingSecret is a parameter's path, or the ARN of a parameter or a secret;
	// ECS takes a key, a stage and a version behind a secret's.
	existingSecret = regexp.MustCompile(`^(/[a-zA-Z0-9_./-]+|arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[a-zA-Z0-9_./-]+|` +
		`arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[^:]*:[^:]*:[^:]*)?)$`)
)

// SecretNameProblem says why a text cannot be the name of a secret; it is empty
// for one that can.
func SecretNameProblem(name string) string {
	switch {
	case len(name) > 128:
		return "it has more than 128 characters"
	case !secretName.MatchString(name):
		return "it has other characters than letters, digits and _ . -"
	}
	return ""
}
