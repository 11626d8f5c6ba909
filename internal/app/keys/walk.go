package keys

import (
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// Walk looks up every key that a value of compose-go's sets, and the keys below it.
// It calls say for each key that has a row and that, as written says, is in the
// files. It skips the keys below one that is refused or ignored. name is the
// top-level key that the value belongs to.
func (t Table) Walk(name string, value any, written func(path string) bool, say func(row Key, path string)) {
	w := walk{table: t, written: written, say: say}
	w.key(reflect.ValueOf(value), name, name)
}

// walk is one pass through the keys of a project.
type walk struct {
	table   Table
	written func(path string) bool
	say     func(row Key, path string)
}

// key reports the row of a value at a path, and goes on below it.
func (w walk) key(v reflect.Value, path, pattern string) {
	v = reflect.Indirect(v)
	if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Map && v.Len() == 0 {
		return
	}
	row, ok := w.table.Row(pattern)
	if ok && row.Pattern == pattern && w.written(path) {
		w.say(row, path)
	}
	if ok && (row.Fate == Refused && !row.ByValue || row.Fate == Ignored) {
		return
	}
	w.below(v, path, pattern)
}

var (
	extensionsType = reflect.TypeFor[types.Extensions]()
	typeOfService  = reflect.TypeFor[types.ServiceConfig]()
)

func (w walk) below(v reflect.Value, path, pattern string) {
	switch v.Kind() {
	case reflect.Map:
		if !hasFields(v.Type().Elem()) {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			w.key(v.MapIndex(k), project.Child(path, k.String()), pattern+".*")
		}
	case reflect.Slice:
		if !hasFields(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			w.key(v.Index(i), project.Item(path, i), pattern+"[]")
		}
	case reflect.Struct:
		for name, field := range Fields(v.Type()) {
			w.key(v.FieldByIndex(field), project.Child(path, name), project.Child(pattern, name))
		}
	}
}

func hasFields(typ reflect.Type) bool {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	return typ.Kind() == reflect.Struct
}

// Fields are the fields of a struct of compose-go by the name of their key.
func Fields(typ reflect.Type) map[string][]int {
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" || f.Type == extensionsType || f.Name == "Name" && typ == typeOfService {
			continue
		}
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		fields[name] = f.Index
	}
	return fields
}
