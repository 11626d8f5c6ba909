package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// Outputs is the table of what a graph makes and how to find it: the names in AWS,
// the names that siblings use, the public URLs. OutputsOf makes it from an app and
// its graph; no other package derives a name or an address.
//
// Values that AWS chooses (the host name of a load balancer, the endpoint of a
// database, the digest of an image) are an engine.Ref, unknown at first. Resolve
// fills in what a reading or a run has shown:
//
//	outputs := blueprint.OutputsOf(a, facts, graph)
//	before := outputs.Resolve(observed.Object)     // what exists
//	after := outputs.Resolve(blueprint.In(result)) // what exists after a run
//	for _, u := range after.URLs() { ... }
//
// The names depend only on the app, the account and the region, not on what exists.
// A command that has no graph, such as a status command, builds one from Draft's
// facts without a call.
type Outputs struct {
	// Cluster is the name of the ECS cluster that runs all services and jobs.
	Cluster string
	// Namespace is the private DNS domain of the stack; empty if it has no names.
	Namespace string
	// EventsGroup is the log group of the stack's events, which may not be there.
	// KeepsEvents says that it is filled.
	EventsGroup string
	KeepsEvents bool
	// Services, Jobs and Databases are in the order of the app.
	Services  []ServiceOutput
	Jobs      []JobOutput
	Databases []DatabaseOutput
	// Balancers are the load balancers that lead to a service.
	Balancers []BalancerOutput
	// Endpoints are where clients outside of the stack reach services: those of the
	// application load balancer, or of tasks without one, ascending by port; then
	// those of the internet-facing network load balancers, then the internal ones.
	Endpoints []Endpoint
}

// WorkloadOutput is what services and jobs have in common.
type WorkloadOutput struct {
	// Name is the name in the Compose file.
	Name string
	// Address is that of the service or job in the graph.
	Address engine.Address
	// Family is the name of the task definitions, Container that of the
	// workload's own container in them.
	Family, Container string
	// Provider is the capacity provider that its tasks run on; empty for Fargate.
	Provider string
	// LogGroup is where the output of its containers goes; empty if it is dropped.
	LogGroup string
	// Sidecars are the further containers of its tasks, by the names of their services.
	Sidecars map[string]string
	// Image is the image to pull: the reference in the file or, for a build, the
	// image by its digest, once it has been pushed.
	Image engine.Ref
}

// ServiceOutput says how to find a service.
type ServiceOutput struct {
	WorkloadOutput
	// ECSName is the service's name in ECS.
	ECSName string
	// Host is its full name in the private DNS; Names are the short names that
	// siblings use as in Compose, the service's own first.
	Host  string
	Names []string
	// Ports are the ports that siblings may reach. AllTCP says that they may reach
	// all TCP ports; Ports is then empty.
	Ports  []app.Exposed
	AllTCP bool
	// Checked says that its container has a health check.
	Checked bool
}

// JobOutput says how to find a job.
type JobOutput struct {
	WorkloadOutput
	// Group and Schedule are the names of its schedule in EventBridge Scheduler; empty
	// for a job that runs of berth start.
	Group, Schedule string
}

// DatabaseOutput says how to find a managed database.
type DatabaseOutput struct {
	// Name is the name in the Compose file.
	Name string
	// Address is that of the database in the graph.
	Address engine.Address
	// AWSName is its name in RDS or, for a Cache, in ElastiCache.
	AWSName string
	Cache   bool
	// Endpoint is the host that AWS assigns, Port the port on which it listens.
	Endpoint engine.Ref
	Port     int
	// Host is its full name in the private DNS, Names are the short ones.
	Host  string
	Names []string
}

// BalancerKind is the kind of a load balancer; an environment has one of each.
type BalancerKind string

// The kinds of load balancers.
const (
	KindApplication BalancerKind = "application"
	KindNetwork     BalancerKind = "network"
	KindInternal    BalancerKind = "internal network"
)

// BalancerOutput says how to find a load balancer.
type BalancerOutput struct {
	Kind BalancerKind
	// Address is that of the load balancer in the graph; zero for an existing load
	// balancer, which is not in the graph.
	Address engine.Address
	// DNS is its host name.
	DNS engine.Ref
}

// Endpoint is where clients outside of a stack reach one of its services.
type Endpoint struct {
	// Service and Container are the service and the port in its container.
	Service   string
	Container int
	// Port is the port that clients use. Protocol is HTTP; HTTPS if Host, a name in
	// the file with its path, leads to the service; TCP, UDP or TCP_UDP on a network
	// load balancer; or Direct.
	Port     int
	Protocol string
	Host     string
	// Plain says that Host has no certificate yet, so that it is served on port 80
	// without TLS.
	Plain bool
	// Internal says that only private addresses can reach it.
	Internal bool
	// Balancer is the host name of the load balancer in front; the zero Ref for
	// Direct.
	Balancer engine.Ref
}

// Direct is the Protocol of an Endpoint without a load balancer.
const Direct = "direct"

// Lookup returns the object at an address; ok is false if there is none.
// (*engine.Observed).Object is a Lookup.
type Lookup func(engine.Address) (object engine.Object, ok bool)

// In looks up the objects that exist after a run.
func In(r *engine.Result) Lookup {
	return func(a engine.Address) (engine.Object, bool) {
		object, ok := r.Objects[a]
		return object, ok
	}
}

// Resolve returns the table with every reference filled in whose object has the
// value. The others stay unknown: see engine.Ref.Known.
func (o Outputs) Resolve(objects Lookup) Outputs {
	out := o
	out.Services, out.Jobs, out.Databases = nil, nil, nil
	out.Balancers, out.Endpoints = nil, nil
	for _, s := range o.Services {
		s.Image = Resolved(s.Image, objects)
		out.Services = append(out.Services, s)
	}
	for _, j := range o.Jobs {
		j.Image = Resolved(j.Image, objects)
		out.Jobs = append(out.Jobs, j)
	}
	for _, d := range o.Databases {
		d.Endpoint = Resolved(d.Endpoint, objects)
		out.Databases = append(out.Databases, d)
	}
	for _, b := range o.Balancers {
		b.DNS = Resolved(b.DNS, objects)
		out.Balancers = append(out.Balancers, b)
	}
	for _, e := range o.Endpoints {
		e.Balancer = Resolved(e.Balancer, objects)
		out.Endpoints = append(out.Endpoints, e)
	}
	return out
}

// Resolved is a reference with the value that an object has for it; without one it
// stays as it is.
func Resolved(ref engine.Ref, objects Lookup) engine.Ref {
	of, output, _, ok := ref.Of()
	if !ok || ref.Known() {
		return ref
	}
	object, ok := objects(of)
	if value := object.Output(output); ok && value != "" {
		return engine.Lit(value)
	}
	return ref
}

// Service returns the output of the service of a name.
func (o Outputs) Service(name string) (ServiceOutput, bool) {
	for _, s := range o.Services {
		if s.Name == name {
			return s, true
		}
	}
	return ServiceOutput{}, false
}

// Job returns the output of the job of a name.
func (o Outputs) Job(name string) (JobOutput, bool) {
	for _, j := range o.Jobs {
		if j.Name == name {
			return j, true
		}
	}
	return JobOutput{}, false
}

// Workloads are what services and jobs have in common, those of the services
// first.
func (o Outputs) Workloads() []WorkloadOutput {
	var out []WorkloadOutput
	for _, s := range o.Services {
		out = append(out, s.WorkloadOutput)
	}
	for _, j := range o.Jobs {
		out = append(out, j.WorkloadOutput)
	}
	return out
}
