package deploy

import (
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/outline"
	"github.com/berthdev/berth/internal/plantext"
)

// Parts divides the plan into what people think of: services, jobs, databases,
// volumes, and what they share. plantext.Overview renders them.
func (p *Plan) Parts() []plantext.Part {
	source := outline.Source{
		App: p.session.app, Outputs: blueprint.OutputsOf(p.session.app, p.Facts, p.Graph),
		Graph: p.Graph, Observed: p.Observed, Running: p.running,
	}
	if files := p.session.project.Source.Project; files != nil {
		source.Positions = files.Positions
	}
	return outline.Of(source, p.Plan)
}
