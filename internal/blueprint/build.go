package blueprint

import (
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// Environment is the owner of what projects may share: the network, the
// cluster and the load balancer with its listeners.
func Environment(a *app.App) engine.Owner { return engine.Owner{Environment: a.Environment} }

// Stack is the owner of what belongs to one project alone.
func Stack(a *app.App) engine.Owner {
	return engine.Owner{Environment: a.Environment, Project: a.Name}
}

// builder carries what the parts of a graph need of each other.
type builder struct {
	graph *engine.Graph
	app   *app.App
	facts Facts
	// env and stack are the two owners.
	env, stack engine.Owner
	net        network
	// cluster is the ARN of the cluster that runs all services and jobs.
	cluster engine.Ref
	// balancer is nil without a public port.
	balancer *balancer
	// files is nil without a volume of berth's own.
	files *files
	// hosting is what the hosts share: listeners and certificates.
	hosting hosting
	// netBalancers are the network load balancers by whether they are internal.
	netBalancers map[bool]netBalancer
	// namespace holds the siblings' names.
	namespace *engine.Node
	// members are the membership groups by Compose network; groups are the
	// workloads' own groups, roles their task roles, logs their log groups, tasks their task
	// definitions, runs their services and jobs.
	members, groups, roles, logs, tasks, runs map[string]*engine.Node
	// derived are the parameters that values of a workload are assembled into,
	// starts the roles that start the tasks of workloads with secrets.
	derived map[string][]*engine.Node
	starts  map[string]*engine.Node
	// databases are the managed databases by name, passwords the parameters
	// with the passwords that berth keeps for them.
	databases map[string]database
	passwords map[string]*engine.Node
	// images are the images that are built, by app.Build.Key.
	images map[string]*engine.Node
	// execution is the role that pulls images and writes logs; nil if every
	// workload has one of its own.
	execution *engine.Node
}

// Build makes the graph of everything that the app is to have in AWS: what the
// environment owns and what the stack owns. It fails when the facts do not
// allow what the settings ask for.
func Build(a *app.App, f Facts) (*engine.Graph, error) {
	a, _ = Decide(a, f)
	a = withPasswords(a)
	b := &builder{
		graph: engine.NewGraph(), app: a, facts: f,
		env: Environment(a), stack: Stack(a),
		members: map[string]*engine.Node{}, groups: map[string]*engine.Node{},
		logs: map[string]*engine.Node{}, tasks: map[string]*engine.Node{},
		runs: map[string]*engine.Node{}, roles: map[string]*engine.Node{},
		derived: map[string][]*engine.Node{}, starts: map[string]*engine.Node{},
		images: map[string]*engine.Node{},
	}
	if err := b.addNetwork(); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	b.addCluster()
	b.addNames()
	if err := b.placeRoutes(); err != nil {
		return nil, err
	}
	b.addBalancer()
	if err := b.volumeProblem(); err != nil {
		return nil, err
	}
	b.addVolumes()
	b.addNetworkBalancers()
	b.addNamespace()
	b.addSecurity()
	b.addDatabases()
	b.addExecutionRole()
	if err := b.addImages(); err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	for _, w := range a.Workloads() {
		if err := b.addTask(w); err != nil {
			return nil, fmt.Errorf("task of %s: %w", w.Name, err)
		}
	}
	b.addJobs()
	b.addServices()
	b.addHostRecords()
	if err := b.addOrder(); err != nil {
		return nil, err
	}
	if err := b.graph.Check(); err != nil {
		return nil, err
	}
	return b.graph, nil
}
