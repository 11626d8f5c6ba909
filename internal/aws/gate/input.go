package gate

import (
	"maps"
	"slices"
)

// Tags are tags as a service's API takes them, by key: its SDK has a type of
// its own, which tag makes.
func Tags[T any](tags map[string]string, tag func(key, value *string) T) []T {
	list := make([]T, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		v := tags[k]
		list = append(list, tag(&k, &v))
	}
	return list
}

// Optional is a field of a request: nil, which leaves it out, for an empty text.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
