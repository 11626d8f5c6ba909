package outline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/project"
)

// Source is what a plan was made from.
type Source struct {
	App *app.App
	// Positions are the places of the keys; nil if the app comes from no file.
	Positions *project.Positions
	// Outputs is the table of what the plan's graph makes.
	Outputs blueprint.Outputs
	// Graph is the plan's graph, Observed the objects that exist.
	Graph    *engine.Graph
	Observed *engine.Observed
	// Running are the revisions of task definitions that services run, where those
	// are not the latest ones, which Observed has.
	Running map[engine.Address]engine.Object
}

// Of divides a plan into its parts: those that are shared first, then the services,
// jobs, databases and volumes by name.
func Of(s Source, p *engine.Plan) []plantext.Part {
	b := builder{Source: s, places: placesOf(s.App, p), parts: map[place]*plantext.Part{}}
	for _, a := range p.Actions {
		if a.Verb == engine.VerbNone {
			continue
		}
		part := b.part(b.places.of(a))
		part.Actions = append(part.Actions, a)
		if kind, ok := main(a); ok && kind == part.Kind && (part.Main == nil || a.Verb != engine.VerbDelete) && (a.Verb != engine.VerbLeave || withheld(a)) {
			part.Main = a
		}
	}
	b.noteTurns()
	for at, part := range b.parts {
		b.describe(at, part)
		if j, ok := s.App.Job(at.name); ok && at.kind == plantext.Job {
			runs(j, part, p.Made)
		}
	}
	b.noteSpot()
	out := b.settings()
	for _, part := range b.parts {
		out = append(out, *part)
	}
	slices.SortFunc(out, func(x, y plantext.Part) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), strings.Compare(x.Name, y.Name))
	})
	return out
}

// withheld says whether an action leaves an object that the files want changed.
func withheld(a *engine.Action) bool {
	return slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool {
		return r.Cause.Kind == engine.CauseHeld || r.Cause.Kind == engine.CauseLosesData
	})
}

// builder collects the parts of one plan.
type builder struct {
	Source
	places places
	parts  map[place]*plantext.Part
}

func (b builder) part(at place) *plantext.Part {
	if b.parts[at] == nil {
		b.parts[at] = &plantext.Part{Kind: at.kind, Name: at.name}
	}
	return b.parts[at]
}

// describe fills in what the files say about a part, and what changes in it.
func (b builder) describe(at place, part *plantext.Part) {
	switch at.kind {
	case plantext.Service:
		if s, ok := b.App.Service(at.name); ok {
			part.Size, part.Spot = fmt.Sprintf("%d x %s", s.Replicas, size(s.Workload)), onSpot(b.App, s)
			if s.Global {
				part.Size = "one on each instance, " + size(s.Workload)
			}
			if s.Scaling != nil {
				part.Size = fmt.Sprintf("%s, each %s", s.Scaling, size(s.Workload))
			}
			part.Image, part.Reach = image(s.Workload), b.reach(s)
			part.Rollout, part.Moves = s.Rollout.String(), s.Rollout.Takes()
			part.Changes = with(part, s.Workload)
			b.counted(s, part)
		}
		part.Stays = stays(b, part)
		part.Rolls, part.Scale = rolls(part.Main), b.scale(part.Main)
	case plantext.Job:
		if j, ok := b.App.Job(at.name); ok {
			part.Size, part.Image = size(j.Workload), image(j.Workload)
			part.Causes = b.causes(j, part)
			part.Changes = with(part, j.Workload)
		}
	case plantext.Database:
		if d, ok := b.App.Database(at.name); ok {
			part.Size, part.Image = databaseSize(d), databaseKind(d)
			part.Reach = []string{private(d.Port)}
			b.stops(d, part)
		}
	case plantext.Volume:
		if v, ok := b.App.Volume(at.name); ok {
			part.Size = volumePlace(v)
		}
	case plantext.Environment, plantext.Project, plantext.Unmarked, plantext.Settings:
		part.Facts = b.facts(part)
	}
	part.Loses = part.Main != nil && (part.Main.LosesData() || at.kind == plantext.Volume && b.losesFiles())
	part.Changes = append(part.Changes, b.changes(part)...)
	if text := b.startsEmpty(at, part); text != "" {
		part.Changes = append(part.Changes, plantext.Change{Text: text})
	}
}

// losesFiles says whether the plan deletes the file system of the volumes.
func (b builder) losesFiles() bool {
	shared := b.parts[place{plantext.Environment, b.App.Environment}]
	return shared != nil && slices.ContainsFunc(shared.Actions, func(a *engine.Action) bool {
		return a.Type == efs.FileSystem{}.Type() && a.LosesData()
	})
}

// rolls says whether a change of a service in ECS starts a deployment, which
// replaces its tasks.
func rolls(a *engine.Action) bool {
	return a != nil && a.Verb == engine.VerbUpdate && slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool {
		return r.Cause.Kind == engine.CauseFailed || slices.Contains(deploying, root(r.Attr))
	})
}

// deploying are the attributes of a service in ECS whose change starts a deployment.
var deploying = []string{"task_definition", "strategy", "subnets", "security_groups", "public_ip", "balancers", "registry", "connect", "traffic"}

// scale is how many tasks a change of a service in ECS starts besides, or stops.
func (b builder) scale(a *engine.Action) int {
	switch {
	case a == nil:
		return 0
	case a.Verb == engine.VerbDelete:
		object, _ := b.Observed.Object(a.Address)
		return -ecs.Count(object)
	}
	for _, r := range a.Reasons {
		if r.Attr == "desired" && r.After != "" {
			return number(r.After) - number(r.Before)
		}
	}
	return 0
}

// causes are the workloads whose change makes a job run again: itself, and those
// that wait for its end.
func (b builder) causes(j app.Job, part *plantext.Part) []string {
	var out []string
	if part.Main == nil || part.Main.Verb == engine.VerbCreate {
		return nil
	}
	for _, w := range b.App.Workloads() {
		waits := slices.ContainsFunc(w.DependsOn, func(d app.Dependency) bool { return d.Name == j.Name })
		if (waits || w.Name == j.Name) && b.revised(w.Name) {
			out = append(out, w.Name)
		}
	}
	return out
}

// revised says whether the plan changes what a workload's tasks run.
func (b builder) revised(name string) bool {
	for _, kind := range []plantext.Kind{plantext.Service, plantext.Job} {
		part := b.parts[place{kind, name}]
		if part == nil {
			continue
		}
		for _, a := range part.Actions {
			switch a.Type {
			case typeTask, "ecr.image", "ssm.parameter":
				return true
			}
		}
	}
	return false
}
