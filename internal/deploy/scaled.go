package deploy

import (
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
)

// sayScaled gives notice of services whose number of tasks was set by hand, and stays
// so: `up` changes it only once the files ask for another number.
func sayScaled(p *Plan) {
	if p.Request.Down {
		return
	}
	for _, s := range p.session.app.Services {
		address := engine.Address{Owner: p.session.stack(), Type: ecs.Service{}.Type(), Name: s.Name}
		o, ok := p.Observed.Object(address)
		if !ok || counts(p, address) {
			continue
		}
		count := ecs.Count(o)
		switch h := ecs.ByHandIn(o.Tags, count); {
		case h.Paused:
			sayByHand(p, s, "paused; `berth resume %s` starts its tasks", s.Name)
		case h.Set != h.File && s.Scaling == nil:
			sayByHand(p, s, "%d by `berth scale`; the file says %d, which counts again once it changes", count, s.Replicas)
		}
	}
}

func sayByHand(p *Plan, s app.Service, format string, args ...any) {
	p.Notices = append(p.Notices, app.Notice{
		At: app.ParsePosition(s.Origin), Concern: project.Failure, Kind: project.OfService, Names: []string{s.Name},
		Text: fmt.Sprintf(format, args...),
	})
}

// counts says whether the plan sets the number of tasks of a service.
func counts(p *Plan, service engine.Address) bool {
	for _, a := range p.Actions {
		if a.Address != service {
			continue
		}
		for _, r := range a.Reasons {
			if r.Attr == "desired" {
				return true
			}
		}
	}
	return false
}
