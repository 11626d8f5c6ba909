package blueprint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/engine"
)

// OutputsOf makes the table from an app, the facts, and the graph that Build made
// from them.
func OutputsOf(a *app.App, f Facts, g *engine.Graph) Outputs {
	t := table{app: a, graph: g, env: Environment(a), stack: Stack(a), region: f.Region}
	t.out.Cluster = t.cluster()
	namespace, _ := desired[cloudmap.Namespace](g, t.stack, "main")
	t.out.Namespace = namespace.Name
	t.addEventsOutput()
	for _, s := range a.Services {
		t.addService(s)
	}
	for _, j := range a.Jobs {
		t.addJob(j)
	}
	for _, d := range a.Databases {
		t.addDatabase(d)
	}
	t.addEndpoints(t.addBalancers(f))
	return t.out
}

// table builds the table of outputs.
type table struct {
	app        *app.App
	graph      *engine.Graph
	env, stack engine.Owner
	region     string
	out        Outputs
}

// desired is the desired resource of a type with a name; zero if the graph has none.
func desired[R engine.Resource](g *engine.Graph, o engine.Owner, name string) (want R, ok bool) {
	n := g.Node(engine.Address{Owner: o, Type: want.Type(), Name: name})
	if n == nil {
		return want, false
	}
	want, ok = n.Resource.(R)
	return want, ok
}

// cluster is the name of the environment's cluster, or of the existing one, which
// the file may name by its ARN.
func (t *table) cluster() string {
	if own, ok := desired[ecs.Cluster](t.graph, t.env, "main"); ok {
		return own.Name
	}
	existing := t.app.Settings.Cluster.Value
	return existing[strings.LastIndexByte(existing, '/')+1:]
}

// workload reads what a service or job runs from its task definition.
func (t *table) workload(w app.Workload, run engine.Resource) WorkloadOutput {
	name := w.Name
	task, _ := desired[ecs.TaskDefinition](t.graph, t.stack, name)
	out := WorkloadOutput{
		Name: name, Family: task.Family, Provider: Provider(t.app, t.region, w),
		Address: engine.Address{Owner: t.stack, Type: run.Type(), Name: name},
	}
	if len(task.Containers) > 0 { // the first is the workload's own
		own := task.Containers[0]
		out.Container, out.Image = own.Name, own.Image
	}
	if w.Logs() {
		out.LogGroup = LogGroupName(t.app, name)
	}
	for _, s := range w.Sidecars {
		if out.Sidecars == nil {
			out.Sidecars = map[string]string{}
		}
		out.Sidecars[s.Name] = ContainerName(s.Name)
	}
	return out
}

func (t *table) addJob(j app.Job) {
	if s, ok := desired[scheduler.Schedule](t.graph, t.stack, j.Name); ok {
		group, _ := desired[scheduler.Group](t.graph, t.stack, "main")
		t.out.Jobs = append(t.out.Jobs, JobOutput{WorkloadOutput: t.workload(j.Workload, s), Group: group.Name, Schedule: s.Name})
		return
	}
	job, _ := desired[ecs.Job](t.graph, t.stack, j.Name)
	t.out.Jobs = append(t.out.Jobs, JobOutput{WorkloadOutput: t.workload(j.Workload, job)})
}

func (t *table) addService(s app.Service) {
	service, _ := desired[ecs.Service](t.graph, t.stack, s.Name)
	t.out.Services = append(t.out.Services, ServiceOutput{
		WorkloadOutput: t.workload(s.Workload, service), ECSName: service.Name,
		Host: t.host(s.Name), Names: t.names(s.Name, s.Aliases),
		Ports: s.Exposed, AllTCP: s.AllTCP, Checked: checked(s),
	})
}

// checked says whether a container has a check with which ECS decides whether a task
// of the service is healthy.
func checked(s app.Service) bool {
	return containerCheck(s.Workload, true) != nil ||
		slices.ContainsFunc(s.Sidecars, func(c app.Sidecar) bool { return c.Essential && c.Health != nil })
}

func (t *table) addDatabase(d app.Database) {
	out := DatabaseOutput{Name: d.Name, Cache: d.IsCache(), Port: d.Port, Host: t.host(d.Name), Names: t.names(d.Name, d.Aliases)}
	instance, _ := desired[rds.Instance](t.graph, t.stack, d.Name)
	out.AWSName = instance.Name
	out.Address = engine.Address{Owner: t.stack, Type: instance.Type(), Name: d.Name}
	if d.IsCache() {
		group, _ := desired[elasticache.ReplicationGroup](t.graph, t.stack, d.Name)
		out.AWSName, out.Address.Type = group.Name, group.Type()
	}
	if n := t.graph.Node(out.Address); n != nil {
		out.Endpoint = n.Output("endpoint")
	}
	t.out.Databases = append(t.out.Databases, out)
}

// host is the full name of a service or database in the private DNS.
func (t *table) host(name string) string {
	if short, ok := desired[cloudmap.Service](t.graph, t.stack, name); ok {
		return short.Name + "." + t.out.Namespace
	}
	return ""
}

// names are the short names of a service or database in the private DNS.
func (t *table) names(name string, aliases []string) []string {
	var out []string
	for _, n := range append([]string{name}, aliases...) {
		if short, ok := desired[cloudmap.Service](t.graph, t.stack, n); ok {
			out = append(out, short.Name)
		}
	}
	return out
}

// addBalancers adds the load balancers, and returns their host names.
func (t *table) addBalancers(f Facts) map[BalancerKind]engine.Ref {
	dns := map[BalancerKind]engine.Ref{}
	add := func(b BalancerOutput) {
		dns[b.Kind] = b.DNS
		t.out.Balancers = append(t.out.Balancers, b)
	}
	for _, b := range []struct {
		kind BalancerKind
		name string
	}{
		{KindApplication, applicationBalancer}, {KindNetwork, networkBalancer}, {KindInternal, internalNetworkBalancer},
	} {
		n := t.graph.Node(engine.Address{Owner: t.env, Type: elb.LoadBalancer{}.Type(), Name: b.name})
		if n != nil {
			add(BalancerOutput{Kind: b.kind, Address: n.Address, DNS: n.Output("dns")})
		}
	}
	if existing := f.Existing.Balancer; existing != nil && t.app.Settings.LoadBalancer.Value != "" {
		add(BalancerOutput{Kind: KindApplication, DNS: engine.Lit(existing.DNS)})
	}
	return dns
}

func (t *table) addEndpoints(dns map[BalancerKind]engine.Ref) {
	var web, public, internal []Endpoint
	for _, s := range t.app.Services {
		for _, p := range s.PublicPorts() {
			web = append(web, t.webEndpoints(s, p, dns[KindApplication])...)
		}
		for _, l := range netListeners(s) {
			e := Endpoint{Service: s.Name, Container: l.container, Port: l.published, Protocol: l.protocol(), Internal: l.internal}
			if l.internal {
				e.Balancer = dns[KindInternal]
				internal = append(internal, e)
				continue
			}
			e.Balancer = dns[KindNetwork]
			public = append(public, e)
		}
	}
	byPort := func(x, y Endpoint) int { return cmp.Compare(x.Port, y.Port) }
	for _, list := range [][]Endpoint{web, public, internal} {
		slices.SortStableFunc(list, byPort)
		t.out.Endpoints = append(t.out.Endpoints, list...)
	}
}

// webEndpoints are the endpoints of a public port: one for each host that leads to
// it.
func (t *table) webEndpoints(s app.Service, p app.Port, dns engine.Ref) []Endpoint {
	e := Endpoint{Service: s.Name, Container: p.Container, Port: p.Published, Protocol: "HTTP", Balancer: dns}
	if t.app.Direct() {
		e.Port, e.Protocol, e.Balancer = p.Container, Direct, engine.Ref{}
	}
	if !p.Hosted {
		return []Endpoint{e}
	}
	var out []Endpoint
	for _, h := range s.Hosts {
		e := e
		e.Host = h.String()
		if !t.app.Direct() {
			_, secure := desired[elb.Rule](t.graph, t.stack, hostRuleName(s.Name, securePort, h))
			e.Port, e.Protocol, e.Plain = securePort, "HTTPS", !secure
		}
		out = append(out, e)
	}
	return out
}
