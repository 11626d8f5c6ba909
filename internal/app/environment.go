package app

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
)

// environment is the variables of a container, by where their values come from.
type environment struct {
	subject
	literals  map[string]string
	secrets   []Secret
	variables []Variable
	// pullCredentials is the ARN of the secret that images are pulled with.
	pullCredentials string
}

// environmentOf sorts the variables into literals, secrets, and those that may be
// either. A variable without a value, or whose ${VAR} has none, needs a secret: it
// is never set to an empty text silently. A credential of an env_file is a literal
// until a secret of its name is set.
func environmentOf(s subject) environment {
	w := environment{subject: s, literals: map[string]string{}}
	for _, key := range sorted(s.compose.Environment) {
		if _, existing := s.x.Secrets[key]; existing {
			continue
		}
		w.addVariable(key, s.path+".environment."+key)
	}
	w.sayLocal()
	for _, key := range sorted(s.x.Secrets) {
		from, path := s.x.Secrets[key], s.path+".x-berth.secrets."+key
		if Existing(from) {
			w.addExisting(key, from, path)
			continue
		}
		w.addSecret(key, from, path, false)
	}
	if arn := s.x.PullCredentials; arn != "" {
		w.pullCredentials = arn
		if !secretARN.MatchString(arn) {
			s.refuse("x-berth.pull_credentials", fmt.Sprintf("pull_credentials cannot be %q", arn), "ECS reads registry credentials from AWS Secrets Manager",
				"write the ARN of a secret with the keys username and password, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME")
		}
	}
	return w
}

func (w *environment) addVariable(key, path string) {
	value := w.compose.Environment[key]
	if value == nil {
		w.addSecret(key, key, path, true)
		return
	}
	if at, ok := w.project.FromFiles[w.name][key]; ok && credential.Variable(key, *value) && SecretNameProblem(key) == "" {
		w.variables = append(w.variables, Variable{
			Name: key, Parts: []Part{{Text: *value, Secret: key, Optional: true}}, Suspicious: true, Origin: at.String(),
		})
		return
	}
	parts, ok := w.project.Filled.Value(w.name, key)
	if !ok {
		parts = project.Parts(*value)
	}
	switch {
	case !ok && len(project.Unset(*value)) == 0:
		w.literals[key] = *value
		w.lookAt(key, *value, path)
	case len(parts) == 1 && parts[0].Unset != "":
		w.addSecret(key, parts[0].Unset, path, false)
	default:
		w.addMixed(key, parts, path)
	}
}

// thisComputer matches the names by which a container means the computer that it
// runs on, where a value has a host.
var thisComputer = regexp.MustCompile(`(^|://|@|,\s*)(localhost|127\.0\.0\.1|host\.docker\.internal)(:\d|/|,|$)`)

// sayLocal names the variables whose value points to this computer, which in a
// task is the task itself: in one notice per service.
func (w *environment) sayLocal() {
	var names []string
	for _, name := range sorted(w.literals) {
		if thisComputer.MatchString(w.literals[name]) {
			names = append(names, name)
		}
	}
	for _, v := range w.variables {
		if thisComputer.MatchString(v.Text()) {
			names = append(names, v.Name)
		}
	}
	if len(names) > 0 {
		concern(w.subject, project.Failure, "environment", "%s: localhost and host.docker.internal are the task itself on AWS; use the name of the sibling, or for browsers the public address",
			strings.Join(names, ", "))
	}
}

// addSecret fills a variable from a secret that berth keeps. null says that the
// file gives it no value.
func (w *environment) addSecret(key, from, path string, null bool) {
	if w.secretName(from, path) {
		w.secrets = append(w.secrets, Secret{Name: key, From: from, NoValue: null, Origin: w.at(path).String()})
	}
}

// addMixed adds a variable whose value contains secrets, or may.
func (w *environment) addMixed(key string, parts []project.Part, path string) {
	v := Variable{Name: key, Origin: w.at(path).String()}
	var texts strings.Builder
	for i, p := range parts {
		if i > 0 && dollarInWord(parts[i-1].Text, p.Unset) {
			raise(w.reading, project.Failure, project.OfService, w.name, path, "%s has a $ within a word, which begins the name of a variable without a value; if it is a part of the text, write $$", key)
		}
		texts.WriteString(p.Text)
		part := Part{Text: p.Text, Secret: p.Unset + p.Var, Optional: p.Var != ""}
		if part.Secret != "" && !w.secretName(part.Secret, path) {
			return
		}
		v.Parts = append(v.Parts, part)
	}
	w.sayURLs(key, parts, path)
	v.Suspicious = credential.Variable(key, texts.String())
	w.variables = append(w.variables, v)
}

// dollarInWord says whether a variable without a value may be a part of the text
// before it: it follows a letter or digit, and its name is not in capitals.
func dollarInWord(before, unset string) bool {
	last := before[max(0, len(before)-1):]
	return unset != strings.ToUpper(unset) && strings.Trim(last, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != last
}

// addExisting fills a variable from a parameter or a secret that exists.
func (w *environment) addExisting(key, from, path string) {
	if !existingSecret.MatchString(from) {
		w.reading.refuse(path, fmt.Sprintf("service %s: %q is neither a parameter nor a secret", w.name, from), "",
			"write a parameter's path, /team/name, or the ARN of a parameter or of a secret")
		return
	}
	w.secrets = append(w.secrets, Secret{Name: key, From: from, Origin: w.at(path).String()})
}

// text is the value of a variable without the parts that are secrets.
func (w environment) text(name string) string {
	for _, v := range w.variables {
		if v.Name == name {
			return v.Text()
		}
	}
	return w.literals[name]
}

var (
	secretName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)
	secretARN  = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$`)
	// existingSecret is a parameter's path, or the ARN of a parameter or a secret;
	// ECS allows a key, a stage and a version after a secret's ARN.
	existingSecret = regexp.MustCompile(`^(/[a-zA-Z0-9_./-]+|arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[a-zA-Z0-9_./-]+|` +
		`arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[^:]*:[^:]*:[^:]*)?)$`)
)

// SecretNameProblem says why a text cannot be the name of a secret; it is empty
// for one that can.
func SecretNameProblem(name string) string {
	switch {
	case strings.HasPrefix(name, "."):
		return "it begins with a dot"
	case len(name) > 128:
		return "it has more than 128 characters"
	case !secretName.MatchString(name):
		return "it has characters other than letters, digits and _ . -"
	}
	return ""
}
