package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// readRunning reads the revisions that services run, where those are not the latest
// ones of their task definitions: after a rollback, or after a run that registered a
// revision and did not get as far as deploying it. The keys are the addresses of the
// task definitions. What cannot be read is left out: the plan then only says less.
func (r *reader) readRunning(ctx context.Context) map[engine.Address]engine.Object {
	types := ecs.TaskDefinitions{API: r.clients.ECS, Region: r.id.Region}
	var services []engine.Object
	for _, o := range r.Observed.Objects(ecs.Service{}.Type()) {
		latest, ok := r.Observed.Object(definitionOf(o.Address))
		if ok && o.State != engine.StateDeleting && o.Attrs["task_definition"] != latest.Output("arn") {
			services = append(services, o)
		}
	}
	found := make([]engine.Object, len(services))
	_ = concurrent.Each(services, func(i int, o engine.Object) error {
		n := r.Graph.Node(definitionOf(o.Address))
		if n == nil {
			return nil
		}
		want, _ := n.Resource.(ecs.TaskDefinition)
		if running, ok, err := types.Revision(ctx, o.Attrs["task_definition"], want); err == nil && ok {
			found[i] = running
		}
		return nil
	})
	out := map[engine.Address]engine.Object{}
	for i, o := range found {
		if o.ID != "" {
			out[definitionOf(services[i].Address)] = o
		}
	}
	return out
}

// definitionOf is the address of the task definition of a service or job.
func definitionOf(a engine.Address) engine.Address {
	a.Type = ecs.TaskDefinition{}.Type()
	return a
}
