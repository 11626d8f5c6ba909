package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// hidden stands for a value that is not shown.
const hidden = "(hidden)"

// Text is the attribute's value for people: as it is, but for the variables of
// containers and other texts in it that look like credentials.
func (a Attr) Text() string {
	var v any
	numbers := json.NewDecoder(strings.NewReader(a.Value))
	numbers.UseNumber()
	if !isJSON(a.Value) || numbers.Decode(&v) != nil {
		if isSecretText(a.Value) {
			return hidden
		}
		return a.Value
	}
	v, changed := hide(v, "", false)
	if !changed {
		return a.Value
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return hidden
	}
	return strings.TrimSpace(out.String())
}

// hide replaces what looks like a credential in a value that was JSON. The
// names in an environment are the user's, and tell.
func hide(v any, name string, environment bool) (out any, changed bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			shown, hid := hide(inner, key, name == "Environment")
			v[key], changed = shown, changed || hid
		}
	case []any:
		for i, inner := range v {
			shown, hid := hide(inner, fmt.Sprint(i), false)
			v[i], changed = shown, changed || hid
		}
	case string:
		if isSecretText(v) || environment && secretName.MatchString(name) {
			return hidden, true
		}
	}
	return v, changed
}
