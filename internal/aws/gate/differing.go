package gate

import "github.com/berthdev/berth/internal/engine"

// Differing names the attributes of an existing object that differ from the
// desired state, for Update.
func Differing(want engine.Resource, object engine.Object) []string {
	var names []string
	for _, a := range engine.AttrsOf(want) {
		shown, ok := object.Attrs[a.Name]
		if ok && shown != a.Value && !a.Create && !a.External {
			names = append(names, a.Name)
		}
	}
	return names
}
