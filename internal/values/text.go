package values

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/berthdev/berth/internal/credential"
)

// Text returns a value for users: unchanged except for texts in it that look like
// credentials. maps names the maps whose keys a user chose: such a key may show that
// its value is a credential.
func Text(value string, maps map[string]string) string {
	var v any
	numbers := json.NewDecoder(strings.NewReader(value))
	numbers.UseNumber()
	if !IsJSON(value) || numbers.Decode(&v) != nil {
		return credential.Hide(value)
	}
	v, changed := hide(v, maps, "", false)
	if !changed {
		return value
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return credential.Hidden
	}
	return strings.TrimSpace(out.String())
}

// hide replaces texts that look like credentials in a value that was JSON. maps are
// the maps whose keys the user chose; users says that name is such a key.
func hide(v any, maps map[string]string, name string, users bool) (out any, changed bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			shown, hid := hide(inner, maps, key, maps[name] != "")
			v[key], changed = shown, changed || hid
		}
	case []any:
		if words := textsOf(v); words != nil {
			return hideWords(v, words)
		}
		for i, inner := range v {
			shown, hid := hide(inner, maps, "", false)
			v[i], changed = shown, changed || hid
		}
	case string:
		if users && credential.Named(name) {
			return credential.Hidden, true
		}
		shown := credential.Hide(v)
		return shown, shown != v
	}
	return v, changed
}

// hideWords does the same for the words of a command.
func hideWords(list []any, words []string) (out any, changed bool) {
	for i, shown := range credential.Args(words) {
		list[i], changed = shown, changed || shown != words[i]
	}
	return list, changed
}
