package ecs

import "github.com/berthdev/berth/internal/engine"

// differing names the attributes of an object that was there already which
// are not as wanted, for Update.
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

// orEmpty makes an empty list of nil: ECS takes a list that is left out for
// "as it is", and an empty one for "none".
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
