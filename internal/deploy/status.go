package deploy

import (
	"context"
	"maps"
	"slices"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// Status is what runs of a project, and where it is reached.
type Status struct {
	Services []status.Service
	Jobs     []status.Job
	// OneOffs are the tasks that `berth run` has started and that run.
	OneOffs []status.OneOff
	// Databases are the managed ones.
	Databases []status.Database
	URLs      []blueprint.URL
	// Reach says of the URLs, and of the addresses of tasks without a load
	// balancer, whether they work now.
	Reach []Reach
	// Release is the last release; nil if there is none or if it cannot be read,
	// which Unknown then explains.
	Release *state.Release
	Unknown error
	// Gone says that nothing of the last release is there any more.
	Gone bool
	// Elsewhere are the environments that the project is deployed in, by AWS's
	// index of tags. It is only read if nothing of it is here.
	Elsewhere []string
}

// Deployed reports whether anything of the project is there: what was asked about, or
// something else of its last release.
func (s *Status) Deployed() bool { return s.Present() || s.Release != nil && !s.Gone }

// Present reports whether anything of what was asked about is there now: after down
// nothing is, although the releases are kept.
func (s *Status) Present() bool {
	return slices.ContainsFunc(s.Services, func(s status.Service) bool { return s.State != status.Absent }) ||
		slices.ContainsFunc(s.Jobs, func(j status.Job) bool { return j.State != status.Absent }) ||
		slices.ContainsFunc(s.Databases, func(d status.Database) bool { return d.State != status.Absent })
}

// Status reads what runs: of the services, jobs and databases of these names, or
// of all.
func (p *Project) Status(ctx context.Context, names ...string) (*Status, error) {
	if err := p.CheckNames(names); err != nil {
		return nil, err
	}
	names = tasksOf(p.Source.App, names)
	o, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	c := p.Target.Clients
	out := &Status{}
	out.Release, out.Unknown = p.lastRelease(ctx)
	wanted := servicesOf(o, names)
	for i, w := range wanted {
		if out.Release != nil {
			wanted[i].Released = out.Release.Services[w.Name].TaskDefinition
		}
	}
	out.Services, err = status.Status(ctx, status.Clients{ECS: c.ECS, EC2: c.EC2}, o.Cluster, wanted)
	if err != nil {
		return nil, err
	}
	if err = p.addRanges(ctx, out, o); err != nil {
		return nil, err
	}
	if out.Jobs, err = status.Jobs(ctx, c.ECS, o.Cluster, jobsOf(o, names, p.Stack())); err != nil {
		return nil, err
	}
	if out.OneOffs, err = oneOffs(ctx, p, o, names); err != nil {
		return nil, err
	}
	if out.Databases, err = p.databases(ctx, o, names); err != nil {
		return nil, err
	}
	if !out.Present() {
		// Without the permission the answer is only less helpful.
		out.Elsewhere, _ = p.elsewhere(ctx)
		out.Gone = out.Release != nil && p.nothingRuns(ctx, names)
	}
	return out, addReach(ctx, p, out)
}

// addRanges adds the ranges of the services that are scaled with their load.
func (p *Project) addRanges(ctx context.Context, out *Status, o blueprint.Outputs) error {
	var scaled []string
	for _, s := range out.Services {
		if of, ok := p.Source.App.Service(s.Name); ok && of.Scaling != nil && s.State != status.Absent {
			named, _ := o.Service(s.Name)
			scaled = append(scaled, named.ECSName)
		}
	}
	found, err := autoscaling.Ranges(ctx, p.Target.Clients.Scaling, o.Cluster, scaled)
	if err != nil {
		return err
	}
	asleep := map[string]int{}
	for i, s := range out.Services {
		named, _ := o.Service(s.Name)
		if r, ok := found[named.ECSName]; ok {
			out.Services[i].Scaling = &r
			if out.Services[i].Asleep() {
				asleep[named.ECSName] = i
			}
		}
	}
	return p.addSleeps(ctx, out, o.Cluster, asleep)
}

// addSleeps adds until when services sleep; asleep are their places by their names in ECS.
func (p *Project) addSleeps(ctx context.Context, out *Status, cluster string, asleep map[string]int) error {
	if len(asleep) == 0 {
		return nil
	}
	clocks, err := autoscaling.Clocks(ctx, p.Target.Clients.Scaling, cluster, slices.Collect(maps.Keys(asleep)))
	for name, i := range asleep {
		out.Services[i].AsleepUntil = status.Awake(clocks[name], p.Target.Clock.Now())
	}
	return err
}

// oneOffs are the one-off tasks of the services and jobs of these names, or of all.
func oneOffs(ctx context.Context, p *Project, o blueprint.Outputs, names []string) ([]status.OneOff, error) {
	families := map[string]string{}
	for _, w := range o.Workloads() {
		if concerns(names, w.Name) {
			families[w.Family] = w.Name
		}
	}
	return status.OneOffs(ctx, p.Target.Clients.ECS, o.Cluster, ecs.StartedByStack(p.Stack()), families)
}

// nothingRuns reports whether the project has no service, when none of what was asked
// about is there.
func (p *Project) nothingRuns(ctx context.Context, asked []string) bool {
	if len(asked) == 0 {
		return true
	}
	running, err := p.TaskDefinitions(ctx)
	return err == nil && len(running) == 0
}

// TaskDefinitions are the ARNs of the task definitions that the services run now,
// by name; services that are not there are left out.
func (p *Project) TaskDefinitions(ctx context.Context) (map[string]string, error) {
	o, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	return status.Definitions(ctx, p.Target.Clients.ECS, o.Cluster, servicesOf(o, nil))
}

// lastRelease is the last release of the stack; nil if there is none.
func (p *Project) lastRelease(ctx context.Context) (*state.Release, error) {
	list, _, err := p.Releases().Latest(ctx, p.Stack(), 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// addReach adds the addresses, and whether they work.
func addReach(ctx context.Context, p *Project, out *Status) error {
	c, a := p.Target.Clients, p.Source.App
	found, err := status.BalancerHosts(ctx, c.ELB, func(name, arn string) bool {
		return naming.HasMark(name, p.Environment(), p.Target.Identity.Region) || arn == a.Settings.LoadBalancer.Value
	})
	if err != nil {
		return err
	}
	l := lacking{tasks: lacksTasks(out.Services)}
	var secure map[string]bool
	if found.ApplicationARN != "" && len(a.HostNames()) > 0 && !a.Direct() {
		if secure, err = status.SecureHosts(ctx, c.ELB, found.ApplicationARN); err != nil {
			return err
		}
		l.tls, l.records = lacksTLS(ctx, p, secure), lacksRecords(ctx, p, found.Application)
	}
	table, err := endpointsOf(p, found, secure)
	if err != nil {
		return err
	}
	table.Endpoints = slices.DeleteFunc(table.Endpoints, func(e blueprint.Endpoint) bool { return !leadsTo(e, out.Services) })
	out.URLs = append([]blueprint.URL{}, table.URLs()...)
	out.Reach = append(reaches(out.URLs, l), taskReach(table, out.Services)...)
	return nil
}

func servicesOf(o blueprint.Outputs, names []string) (out []status.Wanted) {
	for _, s := range o.Services {
		if concerns(names, s.Name) {
			out = append(out, status.Wanted{Name: s.Name, ECSName: s.ECSName, Container: s.Container})
		}
	}
	return out
}

func jobsOf(o blueprint.Outputs, names []string, stack engine.Owner) (out []status.WantedJob) {
	for _, j := range o.Jobs {
		if concerns(names, j.Name) {
			out = append(out, status.WantedJob{Name: j.Name, Family: j.Family, OneOffs: ecs.StartedByStack(stack), Scheduled: j.Schedule != ""})
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
