package deploy

import (
	"context"
	"slices"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

// Status is what runs of a project, and where it is reached.
type Status struct {
	Services []status.Service
	Jobs     []status.Job
	// Databases are the managed ones.
	Databases []status.Database
	URLs      []blueprint.URL
}

// Status reads what runs: of the services, jobs and databases of these names, or
// of all.
func (p *Project) Status(ctx context.Context, names ...string) (*Status, error) {
	if err := p.CheckNames(names); err != nil {
		return nil, err
	}
	o, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	c := p.Target.Clients
	var out Status
	out.Services, err = status.Status(ctx, status.Clients{ECS: c.ECS, EC2: c.EC2}, o.Cluster, servicesOf(o, names))
	if err != nil {
		return nil, err
	}
	if out.Jobs, err = status.Jobs(ctx, c.ECS, o.Cluster, jobsOf(o, names)); err != nil {
		return nil, err
	}
	if out.Databases, err = status.Databases(ctx, c.RDS, c.Cache, databasesOf(o, names)); err != nil {
		return nil, err
	}
	hosts, err := status.BalancerHosts(ctx, c.ELB, func(name, arn string) bool {
		return engine.HasNameMark(name, p.Environment(), p.Target.Identity.Region) || arn == p.Source.App.Settings.LoadBalancer.Value
	})
	if err != nil {
		return nil, err
	}
	out.URLs, err = p.urls(hosts)
	return &out, err
}

func servicesOf(o blueprint.Outputs, names []string) (out []status.Wanted) {
	for _, s := range o.Services {
		if concerns(names, s.Name) {
			out = append(out, status.Wanted{Name: s.Name, ECSName: s.ECSName})
		}
	}
	return out
}

func jobsOf(o blueprint.Outputs, names []string) (out []status.WantedJob) {
	for _, j := range o.Jobs {
		if concerns(names, j.Name) {
			out = append(out, status.WantedJob{Name: j.Name, Family: j.Family})
		}
	}
	return out
}

func databasesOf(o blueprint.Outputs, names []string) (out []status.WantedDatabase) {
	for _, d := range o.Databases {
		if concerns(names, d.Name) {
			out = append(out, status.WantedDatabase{Name: d.Name, AWSName: d.AWSName, Cache: d.Cache})
		}
	}
	return out
}

// concerns reports whether a question about some names, or about all, is about
// this one.
func concerns(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}
