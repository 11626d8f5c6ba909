package deploy

import (
	"time"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// slowestRollout is the service of a plan whose traffic takes longest to move, and how long
// that is; services that the plan neither changes nor waits for do not count.
func slowestRollout(p *Plan) (service string, takes time.Duration) {
	for _, a := range p.Actions {
		if a.Type != (ecs.Service{}).Type() || a.Verb == engine.VerbNone || a.Verb == engine.VerbDelete || a.Verb == engine.VerbLeave {
			continue
		}
		s, ok := p.session.project.Source.App.Service(a.Address.Name)
		if ok && s.Rollout.Takes() > takes {
			service, takes = s.Name, s.Rollout.Takes()
		}
	}
	return service, takes
}
