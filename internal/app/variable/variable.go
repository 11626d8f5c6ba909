package variable

import (
	"slices"
	"strings"
)

// Variable is an environment variable whose value contains secrets, or may.
type Variable struct {
	// Name is the variable.
	Name string
	// Parts make the value, one after the other.
	Parts []Part
	// Suspicious says that the value, as plain text, looks like a credential.
	Suspicious bool
	// Origin is its file:line.
	Origin string
}

// Part is a piece of a Variable's value.
type Part struct {
	// Text is the piece, unless it is a secret.
	Text string
	// Secret is the name of a secret that berth keeps; empty for plain text.
	Secret string
	// Optional says that Text is used if no secret of the name is set.
	Optional bool
}

// Decided is the variable with each part decided to be text or a secret, and
// neighbouring texts joined.
func (v Variable) Decided(isSet func(name string) bool) Variable {
	var parts []Part
	for _, p := range v.Parts {
		if p.Optional && !isSet(p.Secret) {
			p.Secret = ""
		}
		p.Optional = false
		if p.Secret != "" {
			p.Text = ""
		} else if n := len(parts) - 1; n >= 0 && parts[n].Secret == "" {
			parts[n].Text += p.Text
			continue
		}
		parts = append(parts, p)
	}
	// Only an empty variable has an empty part.
	if len(parts) > 1 {
		parts = slices.DeleteFunc(parts, func(p Part) bool { return p == Part{} })
	}
	v.Parts = parts
	return v
}

// Text is the value without the parts that are secrets.
func (v Variable) Text() string {
	var out strings.Builder
	for _, p := range v.Parts {
		out.WriteString(p.Text)
	}
	return out.String()
}
