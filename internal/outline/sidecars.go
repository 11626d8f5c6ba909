package outline

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/values"
)

// with are the sidecars of a workload that is new.
func with(part *plantext.Part, w app.Workload) []plantext.Change {
	if part.Main == nil || part.Main.Verb != engine.VerbCreate {
		return nil
	}
	var out []plantext.Change
	for _, s := range w.Sidecars {
		text := "with " + s.Name
		if s.Ends {
			text += ", which ends"
		}
		text += ": " + image(s.Workload)
		share := capacity.Size{CPU: s.Share.CPU, Memory: max(s.Share.Memory, s.Share.Reserved)}
		if share != (capacity.Size{}) {
			text += ", " + strings.ReplaceAll(share.String(), " and ", ", ") + " of its size"
		}
		out = append(out, plantext.Change{Text: text})
	}
	return out
}

// sidecarOf is the sidecar that a change in a part is about, by the container in the
// path of its attribute, or else by the address of the object; empty if it is about
// the workload's own container.
func sidecarOf(b builder, part *plantext.Part, a *engine.Action, attr string) string {
	name := containerOf(attr)
	if name == "" && a.Type != typeTask {
		name, _, _ = strings.Cut(a.Address.Name, "/")
	}
	for _, w := range b.App.Workloads() {
		if w.Name != part.Name {
			continue
		}
		for _, s := range w.Sidecars {
			if name == blueprint.ContainerName(s.Name) || name == ecs.FilesContainer+"-"+blueprint.ContainerName(s.Name) {
				return s.Name
			}
		}
	}
	return ""
}

// containerOf is the container in the path of an attribute: containers[web].Image.
func containerOf(attr string) string {
	rest, ok := strings.CutPrefix(attr, "containers[")
	name, _, found := strings.Cut(rest, "]")
	if !ok || !found {
		return ""
	}
	return name
}

// comes is the change for a container that comes to a task or goes from it; ok is
// false for a container that stays. Its fields are not named one by one.
func comes(b builder, a *engine.Action, attr string) (c plantext.Change, ok bool) {
	name := containerOf(attr)
	n := b.node(a)
	object, seen := b.Observed.Object(a.Address)
	if a.Type != typeTask || name == "" || n == nil || !seen {
		return c, false
	}
	desired, _ := n.Resource.(ecs.TaskDefinition)
	had, has := containers(engine.ShownAs[ecs.TaskDefinition](object)), containers(desired)
	if slices.Contains(had, name) == slices.Contains(has, name) || strings.HasPrefix(name, ecs.FilesContainer) {
		return c, false
	}
	c = plantext.Change{Key: "sidecar " + name, Text: "removed"}
	if slices.Contains(has, name) {
		c.Text = "added"
		if b.Positions != nil {
			c.At = b.Positions.At("services." + name).String()
		}
	}
	return c, true
}

// beside are the changes of the containers that stay, where the plan only counts the
// changes that it leaves out and a container comes or goes, which is one change; ok is
// false for any other reason.
func beside(b builder, part *plantext.Part, a *engine.Action, r engine.Reason) (changes []plantext.Change, ok bool) {
	n := b.node(a)
	object, seen := b.Observed.Object(a.Address)
	if a.Type != typeTask || r.Attr != "containers" || r.Cause.More == 0 || n == nil || !seen {
		return nil, false
	}
	desired, _ := n.Resource.(ecs.TaskDefinition)
	had, has := containers(engine.ShownAs[ecs.TaskDefinition](object)), containers(desired)
	stay := slices.DeleteFunc(slices.Clone(had), func(name string) bool { return !slices.Contains(has, name) })
	if len(stay) == len(had) && len(stay) == len(has) {
		return nil, false
	}
	before, after := only(object.Attrs[r.Attr], stay), ""
	for _, attr := range engine.AttrsOf(n.Resource) {
		if attr.Name == r.Attr {
			after = only(attr.Value, stay)
		}
	}
	if before == after {
		return nil, true
	}
	return between(b, part, a, r.Attr, before, after), true
}

// only are the containers of these names in the value of an attribute.
func only(containers string, names []string) string {
	var list []map[string]any
	if err := json.Unmarshal([]byte(containers), &list); err != nil {
		return containers
	}
	list = slices.DeleteFunc(list, func(c map[string]any) bool {
		name, _ := c["Name"].(string)
		return !slices.Contains(names, name)
	})
	return values.JSON(list)
}

func containers(t ecs.TaskDefinition) []string {
	var names []string
	for _, c := range t.Containers {
		names = append(names, c.Name)
	}
	return names
}
