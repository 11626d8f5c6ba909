package deploy

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
)

// sayOffSpot gives notice of services whose tasks run on demand because Spot had no capacity:
// `up` moves them back.
func sayOffSpot(p *Plan) {
	if p.Request.Down {
		return
	}
	for _, s := range p.session.app.Services {
		address := engine.Address{Owner: p.session.stack(), Type: ecs.Service{}.Type(), Name: s.Name}
		o, ok := p.Observed.Object(address)
		n := p.Graph.Node(address)
		if !ok || n == nil {
			continue
		}
		if want, is := n.Resource.(ecs.Service); is && ecs.OffSpot(o, want.Strategy) {
			p.Notices = append(p.Notices, app.Notice{
				At: app.ParsePosition(s.Origin), Concern: project.Failure, Kind: project.OfService, Names: []string{s.Name},
				Text: "more of its tasks than the file says run on demand, because Spot had no capacity for them; `berth up` moves them back",
			})
		}
	}
}
