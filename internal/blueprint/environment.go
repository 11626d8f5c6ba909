package blueprint

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// EnvironmentSpec is the desired content of an environment: its settings, and what
// its stacks ask of it. It needs no project: an environment without a stack has a
// network and a cluster.
type EnvironmentSpec struct {
	Name     string
	Settings app.Settings
	// SearchDomain is the domain in which the VPC looks up short names: that of the
	// only stack. It is empty for a shared environment.
	SearchDomain string
	// Ports are the ports that the application load balancer listens on, ascending;
	// without ports there is no load balancer.
	Ports []int
	// Hosts are the names that lead to services, in the order of the services.
	Hosts []string
	// NetworkPorts are the ports that the network load balancers listen on.
	NetworkPorts []NetworkPort
	// Files says that a volume is on the environment's file system on EFS, Backup
	// that the file system is backed up.
	Files, Backup bool
	// Buckets are the buckets that volumes are on.
	Buckets []Bucket
	// Providers are the existing capacity providers that tasks run on.
	Providers []string
	// Databases are the AWS services that run managed databases.
	Databases []DatabaseService
}

// NetworkPort is a port of a network load balancer.
type NetworkPort struct {
	Port int
	// Protocols are tcp, udp or both.
	Protocols []string
	// Internal says that the load balancer is the one for private addresses.
	Internal bool
}

// Bucket is a bucket, or a prefix in it, on which the environment has a file system.
type Bucket struct{ Bucket, Prefix string }

// DatabaseService is an AWS service that runs managed databases; it needs its
// service-linked role in the account.
type DatabaseService string

// The services that run managed databases.
const (
	RDS         DatabaseService = "rds"
	ElastiCache DatabaseService = "elasticache"
)

// SpecOf is what an app asks of its environment.
func SpecOf(a *app.App) EnvironmentSpec {
	spec := EnvironmentSpec{
		Name: a.Environment, Settings: a.Settings, Ports: publicPorts(a), Hosts: a.HostNames(),
		Files: len(a.OnEFS()) > 0, Backup: a.Backup, Providers: providersOf(a),
	}
	if !a.Shared {
		spec.SearchDomain = Domain(a)
	}
	for _, s := range a.Services {
		for _, l := range netListeners(s) {
			spec.NetworkPorts = append(spec.NetworkPorts, NetworkPort{Port: l.published, Protocols: l.words(), Internal: l.internal})
		}
	}
	for _, v := range a.Volumes {
		if b := bucketOf(v); v.OnBucket() && !slices.Contains(spec.Buckets, b) {
			spec.Buckets = append(spec.Buckets, b)
		}
	}
	for _, d := range a.Databases {
		service := RDS
		if d.IsCache() {
			service = ElastiCache
		}
		if !slices.Contains(spec.Databases, service) {
			spec.Databases = append(spec.Databases, service)
		}
	}
	return spec
}

// EnvironmentGraph is the graph of an environment, which is complete by itself, and
// the values by which stacks refer to it. They use nothing else of it.
type EnvironmentGraph struct {
	Graph *engine.Graph
	// net is the network, cluster the ARN of the ECS cluster that runs all
	// services and jobs.
	net     network
	cluster engine.Ref
	// names are the zones of the hosts, and which hosts have TLS.
	names names
	// balancer is the application load balancer; nil without a public port.
	balancer *balancer
	// files are the file systems; nil without a volume that needs one.
	files *fileSystems
	// netBalancers are the network load balancers by whether they are internal.
	netBalancers map[bool]netBalancer
	// roles are the service-linked roles of the services of managed databases.
	roles map[DatabaseService]*engine.Node
}

// environment is what the stages of an environment's graph know.
type environment struct {
	scope
	spec EnvironmentSpec
}

// BuildEnvironment makes the graph of what an environment owns. Its stages are in
// the order in which they need each other's results: the network, the cluster, the
// zones and certificates of the hosts, the application load balancer, the file
// systems, the network load balancers, and the roles of the services that run
// databases.
func BuildEnvironment(spec EnvironmentSpec, f Facts) (*EnvironmentGraph, error) {
	e := environment{newScope(engine.Owner{Environment: spec.Name}, spec.Settings, f), spec}
	out := &EnvironmentGraph{Graph: e.graph}
	var err error
	if out.net, err = e.network(); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	out.cluster = e.cluster()
	out.names = e.names()
	out.balancer = e.balancer(out.net, out.names)
	if out.files, err = e.fileSystems(out.net); err != nil {
		return nil, err
	}
	out.netBalancers = e.networkBalancers(out.net)
	out.roles = e.databaseRoles()
	return out, e.graph.Check()
}

// direct says that the internet reaches tasks without a load balancer.
func (e environment) direct() bool { return e.spec.Settings.Ingress.Value == app.IngressDirect }

// databaseRoles adds the service-linked roles of RDS and ElastiCache. The account
// has one of each, which must exist before the first database.
func (e environment) databaseRoles() map[DatabaseService]*engine.Node {
	roles := map[DatabaseService]*engine.Node{}
	for _, service := range e.spec.Databases {
		roles[service] = e.add(string(service), iam.ServiceLinkedRole{Service: string(service) + ".amazonaws.com"})
	}
	return roles
}
