package deploy

import (
	"slices"

	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

// Outputs returns the names of what the project makes, as far as they depend on
// nothing that AWS chooses. It makes no call.
func (p *Project) Outputs() (blueprint.Outputs, error) {
	return p.outputsOf(p.draft())
}

// draft are facts that AWS was not asked for.
func (p *Project) draft() blueprint.Facts {
	id := p.Target.Identity
	return blueprint.Draft(id.Account, id.Region, id.Partition)
}

func (p *Project) outputsOf(f blueprint.Facts) (blueprint.Outputs, error) {
	graph, err := blueprint.Build(p.Source.App, f)
	if err != nil {
		return blueprint.Outputs{}, err
	}
	return blueprint.OutputsOf(p.Source.App, f, graph), nil
}

// urls returns the addresses of the project behind load balancers that were
// found. Certificates were not asked for: every host is shown with one.
func (p *Project) urls(found status.Hosts) ([]blueprint.URL, error) {
	f := p.draft().WithCertificates(p.Source.App)
	if p.Source.App.Settings.LoadBalancer.Value != "" && found.Application != "" {
		f.Existing.Balancer = &existing.Balancer{DNS: found.Application}
	}
	out, err := p.outputsOf(f)
	if err != nil {
		return nil, err
	}
	dns := map[engine.Address]string{}
	for _, b := range out.Balancers {
		switch b.Kind {
		case blueprint.KindApplication:
			dns[b.Address] = found.Application
		case blueprint.KindNetwork:
			dns[b.Address] = found.Network
		case blueprint.KindInternal:
			dns[b.Address] = found.Internal
		}
	}
	resolved := out.Resolve(func(a engine.Address) (engine.Object, bool) {
		return engine.Object{Outputs: map[string]string{"dns": dns[a]}}, dns[a] != ""
	})
	return append([]blueprint.URL{}, resolved.URLs()...), nil
}

// outputs returns the table of the plan's graph, with the values of objects.
func (p *Plan) outputs(objects blueprint.Lookup) blueprint.Outputs {
	return blueprint.OutputsOf(p.session.app, p.Facts, p.Graph).Resolve(objects)
}

// reached says in out where the services are reached: all of them or, if
// something failed, those that exist.
func (p *Plan) reached(out *Outcome, failed bool) {
	if p.Request.Down {
		return
	}
	objects := blueprint.In(out.Result)
	table := p.outputs(objects)
	out.Plain = p.session.hosts().Plain(p.Facts.Names, p.Graph, out.Result.Objects)
	out.URLs = append([]blueprint.URL{}, table.URLs()...)
	if !failed {
		return
	}
	out.URLs = slices.DeleteFunc(out.URLs, func(u blueprint.URL) bool {
		s, _ := table.Service(u.Service)
		_, exists := objects(s.Address)
		return !exists
	})
}
