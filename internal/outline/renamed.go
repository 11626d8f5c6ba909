package outline

import (
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// startsEmpty says that a new volume or database has none of the data of the one in
// whose place it comes; empty if there is none. To AWS, a new name is a new object.
func (b builder) startsEmpty(at place, part *plantext.Part) string {
	if part.Main == nil || part.Main.Verb != engine.VerbCreate {
		return ""
	}
	switch at.kind {
	case plantext.Volume:
		v, ok := b.App.Volume(at.name)
		old := formerVolume(b, at.name)
		if !ok || v.Existing() || v.OnBucket() || old == "" {
			return ""
		}
		if b.losesFiles() {
			return "starts empty: the files of volume " + old + " are not copied, and are deleted"
		}
		return "starts empty: the files of volume " + old + " are not copied; they stay, and come back with the name " + old
	case plantext.Database:
		if old := formerDatabase(b, part.Main); old != "" {
			return "starts empty: the data of " + old + " is not copied"
		}
	default:
	}
	return ""
}

// formerVolume is the volume that a workload mounted where it mounts this one now.
func formerVolume(b builder, name string) string {
	for _, w := range b.App.Workloads() {
		target := ""
		for _, m := range w.Mounts {
			if m.Volume == name {
				target = m.Path
			}
		}
		object, ok := b.Observed.Object(taskOf(b, w))
		task := engine.ShownAs[ecs.TaskDefinition](object)
		if target == "" || !ok || len(task.Containers) == 0 {
			continue
		}
		for _, m := range task.Containers[0].Mounts {
			if m.Path == target && m.Volume != name && isVolume(b, m.Volume) {
				return m.Volume
			}
		}
	}
	return ""
}

// taskOf is the address of a workload's task definition in the plan's graph.
func taskOf(b builder, w app.Workload) engine.Address {
	for _, n := range b.Graph.Nodes() {
		if n.Address.Type == typeTask && n.Address.Name == w.Name {
			return n.Address
		}
	}
	return engine.Address{}
}

// isVolume says whether a name is that of a volume that the plan deletes, or that the
// files have.
func isVolume(b builder, name string) bool {
	if part := b.parts[place{plantext.Volume, name}]; part != nil && part.Main != nil && part.Main.Verb == engine.VerbDelete {
		return true
	}
	_, ok := b.App.Volume(name)
	return ok
}

// formerDatabase is the only database of the same type that the plan deletes.
func formerDatabase(b builder, created *engine.Action) string {
	var gone []string
	for at, part := range b.parts {
		if at.kind != plantext.Database || part.Main == nil || part.Main.Verb != engine.VerbDelete || part.Main.Type != created.Type {
			continue
		}
		if created.Type != (rds.Instance{}).Type() && created.Type != (elasticache.ReplicationGroup{}).Type() {
			continue
		}
		gone = append(gone, at.name)
	}
	if len(gone) != 1 {
		return ""
	}
	return strings.Join(gone, "")
}
