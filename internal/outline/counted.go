package outline

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

var (
	typeRange = autoscaling.Target{}.Type()
	typeClock = autoscaling.ScheduledAction{}.Type()
)

// counted says who decides how many tasks of a service run, if that changes: the file, the
// load or the clock. The objects that do it are not named beside it.
func (b builder) counted(s app.Service, part *plantext.Part) {
	moved := b.bySleep(s) && edits(part, typeClock, "expression", "zone")
	if part.Main != nil && part.Main.Verb == engine.VerbCreate || !decidedAnew(part) && !moved {
		return
	}
	c := plantext.Change{Key: "deploy.replicas", Text: plantext.Counted(s.Replicas, "task") + " all the time"}
	switch {
	case s.Scaling == nil:
	case moved:
		c = plantext.Change{Key: "x-berth.sleep", Setting: true, Text: "at other times"}
		c.At, _ = b.origin(b.App.Settings.Sleep.Origin, "")
	case b.bySleep(s) && acts(part, typeClock, engine.VerbCreate):
		c = plantext.Change{Key: "x-berth.sleep", Setting: true, Text: "the clock ends its tasks, and starts them again"}
		c.At, _ = b.origin(b.App.Settings.Sleep.Origin, "")
	case acts(part, typeRange, engine.VerbCreate) && len(s.Scaling.Targets) == 0:
		c.Key, c.Text = "x-berth.autoscaling", "the clock decides how many tasks run, no longer deploy.replicas"
	case acts(part, typeRange, engine.VerbCreate):
		c.Key, c.Text = "x-berth.autoscaling", "the load decides how many tasks run, no longer deploy.replicas"
	case len(s.Scaling.Schedule) == 0:
		c.Key, c.Text = "x-berth.autoscaling", "the load alone decides how many tasks run, no longer the clock"
	default:
		c.Key, c.Text = "x-berth.autoscaling.schedule", "changed"
	}
	if c.At == "" {
		c.At = b.at(part, key{path: c.Key})
	}
	part.Changes = append(part.Changes, c)
}

// stays says whether a service exists that the plan leaves as it is.
func stays(b builder, part *plantext.Part) bool {
	if part.Main != nil || b.Observed == nil {
		return false
	}
	_, there := b.Observed.Object(engine.Address{Owner: blueprint.Stack(b.App), Type: typeService, Name: part.Name})
	return there
}

// decidedAnew says whether a plan changes who decides about the tasks of a part, or when the
// clock does.
func decidedAnew(part *plantext.Part) bool {
	return acts(part, typeRange, engine.VerbCreate, engine.VerbDelete) || acts(part, typeClock, engine.VerbDelete) ||
		acts(part, typeClock, engine.VerbCreate)
}

// acts says whether a plan does something to an object of a type in a part.
func acts(part *plantext.Part, typ string, verbs ...engine.Verb) bool {
	return slices.ContainsFunc(part.Actions, func(a *engine.Action) bool { return a.Type == typ && slices.Contains(verbs, a.Verb) })
}

// edits says whether a plan changes one of some attributes of objects of a type.
func edits(part *plantext.Part, typ string, attrs ...string) bool {
	return slices.ContainsFunc(part.Actions, func(a *engine.Action) bool {
		return a.Type == typ && slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool {
			return slices.Contains(attrs, r.Attr)
		})
	})
}

// bySleep says whether the clock of a service is the sleep of its environment.
func (b builder) bySleep(s app.Service) bool {
	return b.App.Settings.Sleep.Value != "" && s.Scaling != nil && len(s.Scaling.Schedule) > 0
}

// tasks is the change of the range that the clock sets by day, in an environment that sleeps.
func (b builder) tasks(part *plantext.Part, a *engine.Action, r engine.Reason) (c plantext.Change, ok bool) {
	s, ok := b.App.Service(part.Name)
	if !ok || part.Kind != plantext.Service || r.Attr != "min" && r.Attr != "max" || !b.bySleep(s) {
		return c, false
	}
	switch byLoad := len(s.Scaling.Targets) > 0; {
	case a.Type == typeClock && byLoad:
		c = plantext.Change{Key: "x-berth.sleep", Setting: true, Text: "the clock starts its tasks with another range"}
		c.At, _ = b.origin(b.App.Settings.Sleep.Origin, "")
		return c, true
	case byLoad || a.Type != typeClock && a.Type != typeRange:
		return c, false
	}
	c = plantext.Change{Key: "deploy.replicas", Before: r.Before, After: r.After, Why: why(r)}
	c.At = b.at(part, key{path: c.Key, others: []string{"scale"}})
	return c, true
}

// saidElsewhere says of a reason whether another change has it in the words of the files:
// that of the number of tasks, or of when a database is stopped.
func (b builder) saidElsewhere(part *plantext.Part, a *engine.Action, r engine.Reason) bool {
	if r.Cause.Kind != engine.CauseEdited && r.Cause.Kind != engine.CauseDiffers { // a clock has no mark
		return false
	}
	s, _ := b.App.Service(part.Name)
	switch {
	case part.Kind == plantext.Database:
		return a.Type == typeSchedule
	case part.Kind != plantext.Service:
		return false
	case r.Attr == "desired":
		return acts(part, typeRange, engine.VerbCreate, engine.VerbDelete)
	}
	return a.Type == typeClock && (r.Attr == "expression" || r.Attr == "zone") && b.bySleep(s)
}
