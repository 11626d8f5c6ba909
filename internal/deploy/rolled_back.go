package deploy

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/state"
)

// sayRolledBack gives notice that the last release was a rollback, which the plan's
// changes of services and jobs end.
func sayRolledBack(p *Plan) {
	last := p.seen[p.session.stack()].Record.LastRelease
	if p.Request.Down || last == nil || last.RolledBackTo == 0 || !deploys(p) {
		return
	}
	ago := p.session.clock.Now().Sub(state.ReleaseTime(last.ID))
	p.Notices = append(p.Notices, app.Notice{
		Concern: project.Failure,
		Text: fmt.Sprintf("`berth rollback` went back to release %d, %s ago; this deploys what the files say again",
			last.RolledBackTo, clock.Span(ago)),
	})
}

// deploys says whether the plan gives a service or a job another task definition.
func deploys(p *Plan) bool {
	return slices.ContainsFunc(p.Actions, func(a *engine.Action) bool {
		return a.Type == ecs.TaskDefinition{}.Type() && a.Verb != engine.VerbNone && a.Verb != engine.VerbLeave
	})
}
