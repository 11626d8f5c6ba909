package app

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// eachKey looks up every key that the files set, and says what the table says
// of those that are refused or ignored. Nothing is dropped in silence.
func (t *translator) eachKey() {
	c := t.project.Compose
	for _, section := range []struct {
		name  string
		value any
	}{
		{"services", t.containers()}, {"networks", c.Networks}, {"volumes", c.Volumes}, {"secrets", c.Secrets},
		{"configs", c.Configs}, {"models", c.Models}, {"jobs", c.Jobs},
	} {
		t.key(reflect.ValueOf(section.value), section.name, section.name)
	}
	if t.project.Positions.Has("version") {
		t.say(t.keys["version"], "version")
	}
}

// key says what the table says of a value at a path, and goes on below it.
func (t *translator) key(v reflect.Value, path, pattern string) {
	v = reflect.Indirect(v)
	if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Map && v.Len() == 0 {
		return
	}
	row, ok := t.keys.row(pattern)
	if ok && row.Pattern == pattern && t.project.Positions.Has(path) {
		t.say(row, path)
	}
	if ok && (row.Fate == Refused && !row.ByValue || row.Fate == Ignored) {
		return
	}
	t.below(v, path, pattern)
}

var (
	extensionsType = reflect.TypeFor[types.Extensions]()
	typeOfService  = reflect.TypeFor[types.ServiceConfig]()
)

func (t *translator) below(v reflect.Value, path, pattern string) {
	switch v.Kind() {
	case reflect.Map:
		if !isStruct(v.Type().Elem()) {
			return
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			t.key(v.MapIndex(k), project.Child(path, k.String()), pattern+".*")
		}
	case reflect.Slice:
		if !isStruct(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			t.key(v.Index(i), project.Item(path, i), pattern+"[]")
		}
	case reflect.Struct:
		for name, field := range yamlFields(v.Type()) {
			t.key(v.FieldByIndex(field), project.Child(path, name), project.Child(pattern, name))
		}
	}
}

func isStruct(typ reflect.Type) bool {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	return typ.Kind() == reflect.Struct
}

// yamlFields are the fields of a struct of compose-go by the name of their key.
func yamlFields(typ reflect.Type) map[string][]int {
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

// say is the table's word on a key that is in the files.
func (t *translator) say(row Key, path string) {
	if row.ByValue || row.Fate == Mapped {
		return
	}
	owner, key := ownerOf(path)
	switch row.Fate {
	case Refused:
		t.problems.Add(refusal(row, path, t.at(path)))
	case Ignored:
		t.notice(path, "%s%s has no effect: %s", owner, key, row.Says)
	case Noticed:
		t.notice(path, "%s%s: %s", owner, key, row.Says)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// ownerOf splits services.web.deploy.mode into "service web: " and deploy.mode.
func ownerOf(path string) (owner, key string) {
	section, rest, ok := strings.Cut(path, ".")
	if !ok {
		return "", path
	}
	name, key, ok := strings.Cut(rest, ".")
	if !ok {
		return "", path
	}
	return strings.TrimSuffix(section, "s") + " " + name + ": ", key
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
