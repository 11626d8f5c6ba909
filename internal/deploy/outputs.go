package deploy

import (
	"context"
	"slices"
	"strings"

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

// endpointsOf returns the table of the project behind load balancers that were found,
// which serve these hosts with TLS.
func endpointsOf(p *Project, found status.Hosts, secure map[string]bool) (blueprint.Outputs, error) {
	var with []string
	for _, host := range p.Source.App.HostNames() {
		if secure[strings.ToLower(host)] {
			with = append(with, host)
		}
	}
	f := p.draft().WithCertificates(with)
	if p.Source.App.Settings.LoadBalancer.Value != "" && found.Application != "" {
		f.Existing.Balancer = &existing.Balancer{DNS: found.Application}
	}
	out, err := p.outputsOf(f)
	if err != nil {
		return out, err
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
	return out.Resolve(func(a engine.Address) (engine.Object, bool) {
		return engine.Object{Outputs: map[string]string{"dns": dns[a]}}, dns[a] != ""
	}), nil
}

// outputs returns the table of the plan's graph, with the values of objects.
func (p *Plan) outputs(objects blueprint.Lookup) blueprint.Outputs {
	return blueprint.OutputsOf(p.session.app, p.Facts, p.Graph).Resolve(objects)
}

// reached says in out where the services are reached: all of them or, if
// something failed, those that answer.
func (p *Plan) reached(ctx context.Context, out *Outcome, failed bool) {
	if p.Request.Down {
		return
	}
	objects := blueprint.In(out.Result)
	table := p.outputs(objects)
	out.Plain = p.session.hosts().Plain(p.Facts.Names, p.Graph, out.Result.Objects)
	out.URLs = append([]blueprint.URL{}, table.URLs()...)
	if failed && len(out.URLs) > 0 {
		out.URLs = p.session.answering(ctx, table, objects, out.URLs)
	}
	out.Reach = reaches(out.URLs, lacking{tls: withoutTLS(out.Plain)})
}

// answering are the URLs of services that answer.
func (s *session) answering(ctx context.Context, table blueprint.Outputs, objects blueprint.Lookup, urls []blueprint.URL) []blueprint.URL {
	var wanted []status.Wanted
	for _, svc := range table.Services {
		if _, exists := objects(svc.Address); exists {
			wanted = append(wanted, status.Wanted{Name: svc.Name, ECSName: svc.ECSName})
		}
	}
	// The run may have been interrupted: the question is asked all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnosing)
	defer cancel()
	answering, err := status.Answering(ctx, s.clients.ECS, table.Cluster, wanted)
	if err != nil {
		answering = nil
	}
	return slices.DeleteFunc(urls, func(u blueprint.URL) bool { return !answering[u.Service] })
}
