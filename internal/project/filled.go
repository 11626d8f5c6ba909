package project

import (
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
)

// Filled are the values under environment that contain variables of the file, by
// service and key: a secret may replace the value of such a variable.
type Filled map[string]map[string][]Part

// Value returns the parts of the value of a service's key; ok is false if it
// contains no variable.
func (f Filled) Value(service, key string) (parts []Part, ok bool) {
	parts, ok = f[service][key]
	return parts, ok
}

func (f Filled) add(service, key string, parts []Part) {
	if f[service] == nil {
		f[service] = map[string][]Part{}
	}
	f[service][key] = parts
}

// FromFiles are the places of the variables that a service has from an env_file, by
// service and name.
type FromFiles map[string]map[string]Position

func (f FromFiles) add(service, name string, at Position) {
	if f[service] == nil {
		f[service] = map[string]Position{}
	}
	f[service][name] = at
}

// fill finds the parts of the values in a service's environment. A key without a
// value counts as the variable of its name.
func (l *reader) fill(p *Project, name string, s types.ServiceConfig) {
	for key, value := range s.Environment {
		if value == nil {
			continue // the variable of its name has no value either
		}
		for _, text := range l.scan.written(Child(Child("services", name), "environment"), key) {
			if parts, ok := l.parts(text, *value); ok {
				p.Filled.add(name, key, parts)
			}
		}
	}
}

// written are the texts in the files for a key of an environment, which may be a
// mapping or a list, before variables are filled in.
func (s *scan) written(path, key string) []string {
	at, own, ok := s.pos.resolve(Child(path, key))
	if !ok {
		return nil
	}
	var texts []string
	items := strings.TrimSuffix(own, "."+key) + "["
	for _, u := range s.texts {
		switch {
		case u.at.File != at.File:
		case u.path == own:
			texts = append(texts, u.text)
		case strings.HasPrefix(u.path, items):
			if text, ok := strings.CutPrefix(u.text, key+"="); ok {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// variable matches $$, $NAME, ${NAME}, and ${NAME:-text}, ${NAME-text} or
// ${NAME:?text}, ${NAME?text} with a plain text.
var variable = regexp.MustCompile(`\$\$|\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?::?[-?][^${}]*)?\})`)

// parts splits a text at its variables. ok is false if there are none, if one has a
// form that a secret cannot replace, and if the parts do not make the value, which
// then comes from another file.
func (l *reader) parts(text, value string) (parts []Part, ok bool) {
	if strings.Contains(variable.ReplaceAllLiteralString(text, ""), "$") {
		return nil, false
	}
	end := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		parts = appendText(parts, text[end:m[0]])
		end = m[1]
		found := text[m[0]:m[1]]
		if found == "$$" {
			parts = appendText(parts, "$")
			continue
		}
		name := text[max(m[2], m[4]):max(m[3], m[5])] // the group that did not match is at -1
		value, set := l.src.env[name]
		_, required := requiredVariable(found, name)
		if required && value == "" && strings.Contains(found, ":?") {
			set = false
		}
		if !set && (required || len(plainVariables(found)) > 0) {
			parts, ok = append(parts, Part{Unset: name}), true
			continue
		}
		filled, err := template.SubstituteWithOptions(found, l.src.env.Resolve, template.WithoutLogging)
		if err != nil {
			return nil, false
		}
		parts = append(parts, Part{Text: filled, Var: name})
		ok = true
	}
	parts = appendText(parts, text[end:])
	return parts, ok && join(parts) == value
}

func appendText(parts []Part, text string) []Part {
	if text == "" {
		return parts
	}
	if n := len(parts) - 1; n >= 0 && parts[n].Unset == "" && parts[n].Var == "" {
		parts[n].Text += text
		return parts
	}
	return append(parts, Part{Text: text})
}

// join is the value that the parts make, with unset variables marked.
func join(parts []Part) string {
	var out strings.Builder
	for _, p := range parts {
		if p.Unset != "" {
			out.WriteString(unsetOpen + p.Unset + unsetClose)
		}
		out.WriteString(p.Text)
	}
	return out.String()
}
