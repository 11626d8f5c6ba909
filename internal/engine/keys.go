package engine

import "reflect"

// The values of the field tag `keys` on maps within a resource. They say whose
// the map's keys are, so that a plan can be shown without secrets.
const (
	// keysOfUser: the user chose the keys. One that is named like a credential
	// hides its value.
	keysOfUser = "user"
	// keysOfVariables: the user chose the keys, and no looks tell whether a
	// value is a credential: a plan names the key only, unless
	// PlanOptions.ShowValues.
	keysOfVariables = "variables"
)

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
