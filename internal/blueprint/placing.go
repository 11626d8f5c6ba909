package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// placing is where the tasks of a workload run.
type placing struct {
	subnets   []engine.Ref
	publicIPs bool
	// strategy is the capacity provider that the file names; empty for Fargate.
	strategy []ecs.StrategyItem
}

// placing is where the tasks of a workload run: as the environment's do, or as the
// workload says. AWS gives public addresses to tasks on Fargate only.
func (s stack) placing(w app.Workload) placing {
	p := placing{subnets: s.env.net.tasks, publicIPs: s.env.net.publicIPs}
	if len(w.Subnets) > 0 {
		p.subnets = engine.Lits(w.Subnets...)
	}
	if w.PublicIP != nil {
		p.publicIPs = *w.PublicIP
	}
	if w.Capacity != "" {
		p.publicIPs, p.strategy = false, []ecs.StrategyItem{{Provider: Provider(s.app, s.facts.Region, w), Weight: 1}}
	}
	return p
}

// provider is the capacity provider of a strategy of one; empty for Fargate.
func (p placing) provider() string {
	for _, item := range p.strategy {
		return item.Provider
	}
	return ""
}

// capacityOf is what ECS must check the task definition of a workload for; empty for
// Fargate.
func (s stack) capacityOf(w app.Workload) string {
	switch {
	case w.Capacity == "":
		return ""
	case w.OnManaged(), s.facts.Existing.Providers[w.Capacity].Managed:
		return ecs.OnManagedInstances
	}
	return ecs.OnEC2
}

// providersOf are the existing capacity providers that an app's tasks run on, which the
// environment's cluster needs.
func providersOf(a *app.App) []string {
	var out []string
	for _, w := range a.Workloads() {
		if name := w.Provider(); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
