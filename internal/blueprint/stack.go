package blueprint

import (
	"errors"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// stack is what the stages of a stack's graph know: the app, and the values of its
// environment.
type stack struct {
	scope
	app *app.App
	env *EnvironmentGraph
}

// BuildStack makes the graph of what one project owns in an environment. It refers to
// the environment's graph, so the two are checked and planned together. Its stages
// are in the order in which they need each other's results: the routes of the hosts,
// the volumes, the private names, the security groups, the databases, the roles that
// start tasks, the images, the task definitions, and last the jobs, schedules, services and
// what is done with their events.
func BuildStack(a *app.App, f Facts, env *EnvironmentGraph) (*engine.Graph, error) {
	s := stack{newScope(Stack(a), a.Settings, f), a, env}
	routes, err := newRoutes(s)
	if err != nil {
		return nil, err
	}
	volumes := newMounts(s)
	dns := newPrivateDNS(s)
	groups := newGroups(s)
	databases := newDatabases(s, groups, dns)
	starts := newStartRoles(s)
	images, err := newImages(s)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	tasks, err := newTasks(s, volumes, databases, starts, images)
	if err != nil {
		return nil, err
	}
	r := runner{stack: s, volumes: volumes, groups: groups, databases: databases, tasks: tasks, managed: newManaged(s, groups)}
	runs := databases.runs()
	r.addServices(runs, dns, newTargets(s, routes))
	r.addJobs(runs, images)
	r.addSchedules(runs)
	r.addStops()
	if err := errors.Join(rules{r}.keep(), rules{r}.notify()); err != nil {
		return nil, err
	}
	s.addHostRecords()
	return s.graph, s.addOrder(runs)
}

// connects says that siblings find each other by Service Connect. They have DNS names
// too, for jobs, which cannot use Service Connect.
func (s stack) connects() bool { return s.app.Settings.Discovery.Value == app.DiscoveryConnect }

// siblings are the other services that share a network with w.
func (s stack) siblings(w app.Workload) []*app.Service {
	var out []*app.Service
	for i := range s.app.Services {
		other := &s.app.Services[i]
		if other.Name != w.Name && slices.ContainsFunc(other.Networks, func(n string) bool { return slices.Contains(w.Networks, n) }) {
			out = append(out, other)
		}
	}
	return out
}

// addHostRecords adds the records that lead from the hosts to the load
// balancer, or to the tasks.
func (s stack) addHostRecords() {
	for _, name := range s.app.HostNames() {
		zone, ok := s.facts.Names.Zones[name]
		if !ok {
			continue
		}
		r := record{name: engine.Lit(name), kind: "A", addresses: s.app.Direct()}
		if lb := s.env.balancer; lb != nil {
			r.value, r.zone = lb.dns, lb.zone
		}
		s.add(addressWord(name), r.at(zone, s.env.names.zones))
	}
}

// addOrder makes services and jobs wait for those that they depend on.
func (s stack) addOrder(runs map[string]*engine.Node) error {
	for _, w := range s.app.Workloads() {
		for _, d := range w.DependsOn {
			other := runs[d.Name]
			if other == nil {
				return fmt.Errorf("%s depends on %s, which does not exist", w.Name, d.Name)
			}
			need := engine.Ready
			if d.Condition == app.ConditionStarted {
				need = engine.Created
			}
			runs[w.Name].After(other, need)
		}
	}
	s.addServersFirst(runs)
	return nil
}
