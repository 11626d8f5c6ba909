package ecs

// orEmpty turns nil into an empty list: ECS leaves a list unchanged if it is
// left out, and clears it if it is empty.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
