package outline

import (
	"reflect"
	"testing"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// withoutKey are the fields of a container that no key of the files sets.
var withoutKey = map[string]string{
	"Name": "is the service's, and another name is another part",
}

// TestEveryFieldOfAContainerHasAKey: a plan says what changes in the words of the
// files. A field without a row in the table is shown as AWS has it.
func TestEveryFieldOfAContainerHasAKey(t *testing.T) {
	t.Parallel()
	fields := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[ecs.Container]()) {
		fields[f.Name] = true
		_, ok := keyOf(typeTask, engine.Reason{Attr: "containers[web]." + f.Name})
		if why := withoutKey[f.Name]; ok == (why != "") {
			t.Errorf("%s has a key: %t, and no key of the files sets it because it %q", f.Name, ok, why)
		}
	}
	for name := range ofContainer {
		if !fields[name] {
			t.Errorf("the table has %s, which is no field", name)
		}
	}
	for name := range withoutKey {
		if !fields[name] {
			t.Errorf("%s is no field", name)
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[ecs.HealthCheck]()) {
		if _, ok := keyOf(typeTask, engine.Reason{Attr: "containers[web].Health." + f.Name}); !ok {
			t.Errorf("%s of a check has no key", f.Name)
		}
	}
}
