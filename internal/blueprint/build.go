package blueprint

import (
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

// Build makes the graph of everything that the app needs in AWS: the graph of its
// environment and that of its stack, which refers to the former. Both are planned
// together. It fails if the facts do not allow what the settings ask for.
func Build(a *app.App, f Facts) (*engine.Graph, error) {
	a, _ = Decide(a, f)
	a = withPasswords(a)
	env, err := BuildEnvironment(SpecOf(a), f)
	if err != nil {
		return nil, err
	}
	stack, err := BuildStack(a, f, env)
	if err != nil {
		return nil, err
	}
	graph := engine.Compose(env.Graph, stack)
	return graph, graph.Check()
}
