package ecs

import "github.com/berthdev/berth/internal/engine"

// differing names the attributes of an existing object that differ from the
// desired state, for Update.
func differing(want engine.Resource, object engine.Object) []string {
	var names []string
	for _, a := range engine.AttrsOf(want) {
		shown, ok := object.Attrs[a.Name]
		if ok && shown != a.Value && !a.Create && !a.External {
			names = append(names, a.Name)
		}
	}
	return names
}

// orEmpty turns nil into an empty list: ECS leaves a list unchanged if it is
// left out, and clears it if it is empty.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
