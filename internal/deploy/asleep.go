package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/status"
)

// decideAsleep makes the plan. Databases that the clock has stopped are as desired; if jobs
// that the plan runs, or services that it makes, need some of them, it is made again with
// these started first.
func decideAsleep(p *Plan, opts engine.PlanOptions) (err error) {
	if p.Plan, err = engine.MakePlan(p.Graph, p.Observed, p.session.registry, opts); err != nil || p.Request.Down {
		return err
	}
	woken := false
	for _, d := range asleep(p) {
		if by := needing(p, d.Address); len(by) > 0 {
			rds.Wake(d)
			woken = true
			sayWoken(p, d, join(by)+" cannot do without it")
		} else if changes(p, d.Address) {
			sayWoken(p, d, "AWS refuses the change while it is stopped")
		}
	}
	if woken {
		p.Plan, err = engine.MakePlan(p.Graph, p.Observed, p.session.registry, opts)
	}
	return err
}

// asleep are the databases that the clock has stopped.
func asleep(p *Plan) []engine.Object {
	return slices.DeleteFunc(p.Observed.Objects(rds.Instance{}.Type()), func(o engine.Object) bool {
		return !rds.IsAsleep(o) || p.Graph.Node(o.Address) == nil
	})
}

// needing are the jobs that a plan runs, and the services that it makes, which depend on a
// database.
func needing(p *Plan, database engine.Address) (names []string) {
	for _, a := range p.Actions {
		runs := a.Type == ecs.Job{}.Type() && (a.Verb == engine.VerbCreate || a.Verb == engine.VerbUpdate || a.Verb == engine.VerbReplace)
		makes := a.Type == ecs.Service{}.Type() && a.Verb == engine.VerbCreate
		if (runs || makes) && needs(p.Graph, a.Address, database, map[engine.Address]bool{}) {
			names = append(names, a.Address.Name)
		}
	}
	return names
}

// needs says whether one node of a graph depends on another, by whatever way.
func needs(g *engine.Graph, from, to engine.Address, seen map[engine.Address]bool) bool {
	n := g.Node(from)
	if n == nil || seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(n.Edges(), func(e engine.Edge) bool { return e.To == to || needs(g, e.To, to, seen) })
}

// changes says whether a plan changes a database in another way than its tags.
func changes(p *Plan, database engine.Address) bool {
	return slices.ContainsFunc(p.Actions, func(a *engine.Action) bool {
		return a.Address == database && a.Verb == engine.VerbUpdate && slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool {
			return r.Cause.Kind != engine.CauseHeld && !strings.HasPrefix(r.Attr, engine.AttrTags)
		})
	})
}

// sayWoken gives notice of a database that the run starts.
func sayWoken(p *Plan, object engine.Object, why string) {
	d, ok := p.session.app.Database(object.Address.Name)
	if !ok || d.Stops == nil {
		return
	}
	p.Notices = append(p.Notices, app.Notice{
		At: app.ParsePosition(d.Origin), Concern: project.Cost, Kind: project.OfService, Names: []string{d.Name},
		Text: fmt.Sprintf("asleep: berth starts it, which takes minutes, because %s; it runs until it is stopped again %s", why, d.Stops.Stop.Words(d.Stops.Zone)),
	})
}

// databases are the states of databases, with until when those sleep that the clock has
// stopped.
func (p *Project) databases(ctx context.Context, o blueprint.Outputs, names []string) ([]status.Database, error) {
	c := p.Target.Clients
	found, err := status.Databases(ctx, c.RDS, c.Cache, databasesOf(o, names))
	for i, d := range found {
		of, ok := p.Source.App.Database(d.Name)
		if !ok || of.Stops == nil || !d.Stopped() {
			continue
		}
		found[i].AsleepUntil = of.Stops.Until(p.Target.Clock.Now())
	}
	return found, err //nolint:wrapcheck // it names the database
}
