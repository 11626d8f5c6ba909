package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

func (b *builder) addServices() {
	for _, s := range b.app.Services {
		b.runs[s.Name] = b.addService(s)
	}
}

func (b *builder) addService(s app.Service) *engine.Node {
	onSpot := b.app.Settings.Spot.Value
	if s.Spot != nil {
		onSpot = *s.Spot
	}
	want := ecs.Service{
		Name:           ServiceName(b.app, b.facts.Region, s.Name),
		Cluster:        b.cluster,
		TaskDefinition: b.tasks[s.Name].ARN(),
		Desired:        s.Replicas,
		Strategy:       b.strategyFor(onSpot),
		Subnets:        b.taskSubnets(),
		SecurityGroups: b.taskGroups(s.Workload),
		PublicIP:       !b.privateTasks(),
		Registry:       b.addDNSName(s).ARN(),
		Connect:        b.connect(s),
		MinPercent:     s.Update.MinPercent,
		MaxPercent:     s.Update.MaxPercent,
		Rebalance:      s.Update.MaxPercent > 100,
		Breaker:        s.Update.Breaker,
		Rollback:       s.Update.Rollback,
	}
	targets := append(b.addTargets(s), b.addNetworkTargets(s)...)
	for _, t := range targets {
		want.GraceSeconds = graceSeconds(s)
		want.Balancers = append(want.Balancers, ecs.Balancer{
			TargetGroup: t.group.ARN(), Container: ContainerName(s.Name), Port: t.port,
		})
	}
	node := b.graph.Add(b.stack, s.Name, want).Label(s.Labels)
	for _, t := range targets {
		for _, rule := range t.rules {
			node.After(rule, engine.Created)
		}
	}
	for _, alias := range b.addAliases(s.Name, s.Aliases) {
		node.After(alias, engine.Created)
	}
	b.runsAfter(node, s.Workload)
	return node
}

// runsAfter is what must be there before a task of the workload can start: its
// log group, roles that can be assumed, and the way to its image.
func (b *builder) runsAfter(node *engine.Node, w app.Workload) {
	if group := b.logs[w.Name]; group != nil {
		node.After(group, engine.Created)
	}
	b.afterMounts(node, w)
	if w.ExecutionRole == "" {
		node.After(b.startRole(w), engine.Ready)
	}
	if role := b.roles[w.Name]; role != nil {
		node.After(role, engine.Ready)
	}
	for _, d := range usedBy(b.app, w) {
		for _, name := range b.databases[d.Name].names {
			node.After(name, engine.Created)
		}
	}
	for _, n := range b.net.egress {
		node.After(n, engine.Ready)
	}
}
