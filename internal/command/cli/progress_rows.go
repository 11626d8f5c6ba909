package cli

import (
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
)

// ServicesOf are the services, jobs and databases that a plan is about, in the order
// of the plan.
func ServicesOf(s *Session, p *deploy.Plan) []progress.Service {
	databases := map[engine.Address]string{}
	for _, d := range s.Source.App.Databases {
		databases[blueprint.Database(s.Source.App, d)] = d.Name
	}
	outlook := p.Outlooks()
	var out []progress.Service
	for _, a := range p.Actions {
		if a.Verb == engine.VerbLeave || a.Verb == engine.VerbNone || a.Address.IsZero() {
			continue
		}
		row := progress.Service{Name: a.Address.Name, Address: a.Address}
		switch database, ok := databases[a.Address]; {
		case ok:
			row.Name = database
		case a.Type == ecs.Job{}.Type():
			if a.Verb != engine.VerbDelete {
				row.Ended = "done"
			}
		case a.Type == ecs.Service{}.Type():
		default:
			continue
		}
		row.Outlook = outlook(a)
		out = append(out, row)
	}
	return out
}
