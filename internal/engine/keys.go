package engine

import (
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/values"
)

// keysOfVariables is the tag `keys` of a map whose keys the user chose and
// whose values may be credentials that do not look like one: a plan shows only
// the key, unless PlanOptions.ShowValues is set. Any other value of the tag,
// such as "user", means that the user chose the keys: a key that is named like
// a credential hides its value.
const keysOfVariables = "variables"

// userMaps are the names of the map fields in a type, however deep, that have a
// tag `keys`; the value is the tag.
func userMaps(t reflect.Type) map[string]string {
	found := map[string]string{}
	collectMaps(t, found, map[reflect.Type]bool{})
	return found
}

func collectMaps(t reflect.Type, found map[string]string, seen map[reflect.Type]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collectMaps(t.Elem(), found, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if keys := f.Tag.Get("keys"); keys != "" {
				found[f.Name] = keys
			}
			collectMaps(f.Type, found, seen)
		}
	default:
	}
}

// Text returns the attribute's value for people, without the parts that look
// like credentials.
func (a Attr) Text() string { return values.Text(a.Value, userMaps(a.of)) }

// withoutVariables returns the reasons for a change without the values in maps
// of variables, any of which may be a credential.
func withoutVariables(want Resource, reasons []Reason) []Reason {
	out := slices.Clone(reasons)
	for name, keys := range userMaps(reflect.TypeOf(want)) {
		if keys != keysOfVariables {
			continue
		}
		for i, r := range out {
			whole := strings.Contains(r.Before+r.After, `"`+name+`":`)
			if whole || strings.Contains(r.Attr, "."+name+".") {
				out[i].Before, out[i].After = "", ""
			}
		}
	}
	return out
}
