package blueprint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
)

// executionRoleOf is the role that a workload's tasks start with.
func (b *builder) executionRoleOf(w app.Workload) engine.Ref {
	if w.ExecutionRole != "" {
		return engine.Lit(w.ExecutionRole)
	}
	return b.startRole(w).ARN()
}

// needsTaskRole says whether berth makes the role of a workload's own code.
// Whoever gives an execution role often may make none: then a workload that may
// do nothing in AWS has none, which means the same.
func needsTaskRole(w app.Workload) bool {
	return w.TaskRole == "" && (w.ExecutionRole == "" || w.ActsInAWS())
}

// taskRoleOf is the role that a workload's own code has; empty for none.
func (b *builder) taskRoleOf(w app.Workload) engine.Ref {
	if role := b.roles[w.Name]; role != nil {
		return role.ARN()
	}
	return engine.Lit(w.TaskRole)
}

// existingCluster is the ARN of the given cluster, which may be named without.
func (b *builder) existingCluster() string {
	existing := b.app.Settings.Cluster.Value
	if strings.HasPrefix(existing, "arn:") {
		return existing
	}
	return b.arn("ecs", "cluster/"+existing)
}

// strategyFor is where tasks run. A given cluster keeps the capacity providers
// that it has: without FARGATE_SPOT all tasks run on demand, and without
// FARGATE, as most clusters that were not made for Fargate, they are started by
// launch type, which needs no provider.
func (b *builder) strategyFor(onSpot bool) []ecs.StrategyItem {
	c := b.facts.Given.Cluster
	if c == nil {
		return strategy(onSpot)
	}
	if !slices.Contains(c.Providers, onDemand) {
		return nil
	}
	return strategy(onSpot && slices.Contains(c.Providers, spot))
}

// natAddress is the address of a NAT gateway: a given one, which outlives the
// gateway, or one that berth allocates.
func (b *builder) natAddress(i int) engine.Ref {
	if existing := b.app.Settings.ElasticIPs.Value; i < len(existing) {
		return engine.Lit(existing[i])
	}
	return b.graph.Add(b.env, "nat-"+zoneNames()[i], ec2.ElasticIP{}).ID()
}

// useBalancer takes the given load balancer. Listeners of others are used as
// they are; ports that it does not listen to yet get a listener of berth's.
func (b *builder) useBalancer(ports []int) {
	b.balancer = &balancer{arn: engine.Lit(b.app.Settings.LoadBalancer.Value), listeners: map[int]engine.Ref{}}
	if found := b.facts.Given.Balancer; found != nil {
		b.balancer.groups = engine.Lits(found.SecurityGroups...)
		b.balancer.dns, b.balancer.zone = engine.Lit(found.DNS), engine.Lit(found.Zone)
	}
	b.addHTTPS()
	for _, port := range ports {
		if len(b.app.HostNames()) > 0 && (port == plainPort || port == securePort) {
			continue
		}
		listener, existing := b.existingListener(port)
		if !existing {
			listener = b.graph.Add(b.env, strconv.Itoa(port), elb.Listener{
				LoadBalancer: b.balancer.arn, Port: port, Protocol: "HTTP",
			}).ARN()
		}
		b.balancer.listeners[port] = listener
	}
}

// existingListener is the listener on a port that others made on the given load
// balancer.
func (b *builder) existingListener(port int) (arn engine.Ref, ok bool) {
	found := b.facts.Given.Balancer
	if found == nil {
		return engine.Ref{}, false
	}
	l, ok := found.Listeners[port]
	return engine.Lit(l.ARN), ok
}

// priority is where a service's rule stands in a listener: at its own place, or
// the next one that no rule of others has.
func (b *builder) priority(service string, port int) int {
	return b.freePriority(rulePriority(service), port)
}

// freePriority is a place in a listener, or the next one below it that no rule
// of others has.
func (b *builder) freePriority(n, port int) int {
	if found := b.facts.Given.Balancer; found != nil {
		for slices.Contains(found.Listeners[port].Priorities, n) {
			n--
		}
	}
	return n
}

// targetIdentity tells target groups apart that AWS cannot turn into each
// other: a group serves one VPC and one load balancer for all its life.
func (b *builder) targetIdentity(version string) []string {
	out := []string{version, b.net.identity}
	if existing := b.app.Settings.LoadBalancer.Value; existing != "" {
		out = append(out, existing)
	}
	return out
}
