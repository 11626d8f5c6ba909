package project

import (
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
)

// A variable without a value and without a default is kept in the text,
// between these two characters of Unicode's private use area.
const (
	unsetOpen  = "\ue000"
	unsetClose = "\ue001"
)

// variables fills in ${VAR} and remembers the variables without a value.
type variables struct {
	unset map[string]bool
}

// substitute is compose-go's interpolation, except that a plain $VAR or ${VAR}
// without a value does not become an empty text, and ${VAR:?text} is not an error:
// it stays, marked.
func (v *variables) substitute(text string, lookup template.Mapping) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	plain := plainVariables(text)
	marked := func(name string) (string, bool) {
		value, ok := lookup(name)
		_, required := requiredVariable(text, name)
		filled := strings.Contains(text, "${"+name+":?")
		if ok && (value != "" || !filled) || !ok && !required && !slices.Contains(plain, name) {
			return value, ok
		}
		v.unset[name] = true
		return unsetOpen + name + unsetClose, true
	}
	return template.SubstituteWithOptions(text, marked, template.WithoutLogging)
}

// plainVariables are the variables of a text without an operator, for which the
// text has no default.
func plainVariables(text string) []string {
	var names []string
	for _, v := range template.ExtractVariables(map[string]any{"": text}, nil) {
		if v.DefaultValue == "" && v.PresenceValue == "" && !v.Required && !hasOperator(text, v.Name) {
			names = append(names, v.Name)
		}
	}
	slices.Sort(names)
	return names
}

// requiredVariable finds ${NAME:?reason} and ${NAME?reason}.
func requiredVariable(text, name string) (reason string, ok bool) {
	for _, op := range []string{":?", "?"} {
		if _, after, found := strings.Cut(text, "${"+name+op); found {
			reason, _, _ = strings.Cut(after, "}")
			return reason, true
		}
	}
	return "", false
}

// requiredVariables are the variables of a text for which it requires a value, with
// the reasons.
func requiredVariables(text string) map[string]string {
	out := map[string]string{}
	for _, v := range template.ExtractVariables(map[string]any{"": text}, nil) {
		if reason, ok := requiredVariable(text, v.Name); ok {
			out[v.Name] = reason
		}
	}
	return out
}

// hasOperator finds ${NAME:-} and ${NAME-}, whose default is empty.
func hasOperator(text, name string) bool {
	for _, op := range []string{"-", ":-", "+", ":+", "?", ":?"} {
		if strings.Contains(text, "${"+name+op) {
			return true
		}
	}
	return false
}

// Part is a piece of a value: text, a variable without a value, or the value of a
// variable.
type Part struct {
	Text string
	// Unset is the name of the variable without a value; Text is then empty.
	Unset string
	// Var is the name of the variable that Text comes from.
	Var string
}

// Parts splits a value at its variables without a value.
func Parts(value string) []Part {
	var parts []Part
	for {
		before, rest, found := strings.Cut(value, unsetOpen)
		if before != "" {
			parts = append(parts, Part{Text: before})
		}
		if !found {
			return parts
		}
		name, after, _ := strings.Cut(rest, unsetClose)
		parts = append(parts, Part{Unset: name})
		value = after
	}
}

// Unset are the names of the variables without a value in a text, in order.
func Unset(value string) []string {
	var names []string
	for _, p := range Parts(value) {
		if p.Unset != "" && !slices.Contains(names, p.Unset) {
			names = append(names, p.Unset)
		}
	}
	return names
}

// Readable writes variables without a value as ${VAR} again.
func Readable(value string) string {
	return strings.NewReplacer(unsetOpen, "${", unsetClose, "}").Replace(value)
}
