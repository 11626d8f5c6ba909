package engine

import (
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/values"
)

// keysOfVariables is the tag `keys` of a map whose keys the user chose and of
// whose values no looks tell whether one is a credential: a plan names the key
// only, unless PlanOptions.ShowValues. Any other value of the tag, as "user",
// means that the user chose the keys: one that is named like a credential hides
// its value.
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

// Text returns the attribute's value for people: as it is, but for the texts in
// it that look like credentials.
func (a Attr) Text() string { return values.Text(a.Value, userMaps(a.of)) }

// withoutVariables returns the reasons for a change of a resource without the
// values in maps of variables: no looks tell whether one is a credential.
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
