package blueprint

import (
	"cmp"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// runner is the stage of jobs and services.
type runner struct {
	stack
	volumes   mounts
	groups    groups
	databases databases
	tasks     map[string]task
	managed   managed
}

// addServices adds the services with their names and their targets of load
// balancers.
func (r runner) addServices(runs map[string]*engine.Node, dns privateDNS, t targets) {
	for _, s := range r.app.Services {
		runs[s.Name] = r.addService(s, dns, t)
	}
}

func (r runner) addService(s app.Service, dns privateDNS, t targets) *engine.Node {
	onSpot := cmp.Or(s.Spot, r.app.Settings.Spot.Value)
	at := r.placing(s.Workload)
	if len(at.strategy) == 0 {
		at.strategy = strategyIn(r.facts.Existing.Cluster, onSpot.On())
	}
	fixed, start := count(s)
	daemons := ""
	if s.Global { // which ECS places by launch type, not by strategy
		daemons, at.strategy = at.provider(), nil
	}
	want := ecs.Service{
		Name:           ServiceName(r.app, r.facts.Region, s.Name),
		Cluster:        r.env.cluster,
		TaskDefinition: r.tasks[s.Name].definition.ARN(),
		Desired:        fixed,
		Start:          start,
		Strategy:       at.strategy,
		PreferSpot:     onSpot == app.SpotPrefer && len(at.strategy) > 1,
		Daemon:         s.Global,
		Instances:      daemons,
		Subnets:        at.subnets,
		SecurityGroups: r.groups.of(s.Workload),
		PublicIP:       at.publicIPs,
		Registry:       r.registry(s, dns),
		Connect:        r.connect(s, dns),
		MinPercent:     s.Update.MinPercent,
		MaxPercent:     s.Update.MaxPercent,
		Rebalance:      s.Update.MaxPercent > 100,
		Breaker:        s.Update.Breaker,
		Rollback:       s.Update.Rollback,
		Failures:       s.Update.Failures,
		Exec:           s.Exec,
		FastMetrics:    fastMetrics(s),
		Rollout:        rolloutOf(r.app, s),
	}
	if s.Update.EarlySuccess {
		want.EarlySuccess = &s.Update.EarlySuccess
	}
	behind := t.addTargets(s)
	all := slices.Concat(behind, t.addNetworkTargets(s))
	for _, t := range all {
		want.GraceSeconds = graceSeconds(s)
		want.Balancers = append(want.Balancers, ecs.Balancer{
			TargetGroup: t.group.ARN(), Container: t.in, Port: t.port,
		})
	}
	var mover *engine.Node
	want.Traffic, mover = r.addTraffic(s, behind)
	node := r.add(s.Name, want).Label(s.Labels)
	if mover != nil {
		node.After(mover, engine.Ready)
	}
	for _, alarm := range r.addAlarms(s, behind) {
		node.After(alarm, engine.Created)
	}
	r.addScaling(s, node, behind)
	for _, t := range all {
		for _, rule := range t.rules {
			node.After(rule, engine.Created)
		}
	}
	for _, alias := range dns.addAliases(s.Name, s.Aliases) {
		node.After(alias, engine.Created)
	}
	r.startAfter(node, s.Workload)
	return node
}

// registry is the Cloud Map service of a service's name. A service that nobody reaches and
// whose deployments are blue/green has none: ECS refuses it there.
func (r runner) registry(s app.Service, dns privateDNS) engine.Ref {
	name := dns.addService(s.Name)
	if s.Rollout != nil && !s.AllTCP && len(s.Exposed) == 0 {
		return engine.Ref{}
	}
	return name.ARN()
}

// startAfter makes a workload wait for what its tasks need to start: the log group,
// roles that can be assumed, and a route to the image's registry.
func (r runner) startAfter(node *engine.Node, w app.Workload) {
	t := r.tasks[w.Name]
	if t.logs != nil {
		node.After(t.logs, engine.Created)
	}
	r.volumes.before(node, w)
	r.managed.before(node, w)
	if t.start != nil {
		node.After(t.start, engine.Ready)
	}
	if t.role != nil {
		node.After(t.role, engine.Ready)
	}
	for _, d := range usedBy(r.app, w) {
		for _, name := range r.databases.byName[d.Name].names {
			node.After(name, engine.Created)
		}
	}
	for _, n := range r.env.net.egress {
		node.After(n, engine.Ready)
	}
}
