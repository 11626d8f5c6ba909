package outline

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// stops says when AWS stops and starts a database, if the plan makes or changes that.
func (b builder) stops(d app.Database, part *plantext.Part) {
	c := plantext.Change{Key: "x-berth.sleep", Setting: true, Text: "no longer stopped by the clock"}
	i := slices.IndexFunc(part.Actions, func(a *engine.Action) bool { return a.Type == typeSchedule })
	switch {
	case i < 0:
	case d.Stops != nil:
		c.Text = d.Stops.String()
		c.At, _ = b.origin(b.App.Settings.Sleep.Origin, "")
		part.Changes = append(part.Changes, c)
	case part.Main == nil || part.Main.Verb != engine.VerbDelete:
		part.Changes = append(part.Changes, c)
	}
}

// woken is the change for a database that the clock has stopped and the run needs.
func woken(a *engine.Action, r engine.Reason) (c plantext.Change, ok bool) {
	return plantext.Change{Text: "asleep: started first"}, a.Type == rds.Instance{}.Type() && r.Attr == "runs"
}
