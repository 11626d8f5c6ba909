package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/status"
)

// Instances are the EC2 instances of the environment's cluster. It reads nothing, and there
// are none, if all tasks run on Fargate.
func (p *Project) Instances(ctx context.Context) ([]status.Instance, error) {
	on := false
	for _, w := range p.Source.App.Workloads() {
		on = on || w.OnInstances() || w.Provider() != ""
	}
	if !on {
		return []status.Instance{}, nil
	}
	o, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	return status.Instances(ctx, p.Target.Clients.ECS, o.Cluster)
}
