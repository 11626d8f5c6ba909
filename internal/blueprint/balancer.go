package blueprint

import (
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// balancer is the environment's load balancer as the stack sees it.
type balancer struct {
	node  *engine.Node
	group *engine.Node
	// listeners are by port.
	listeners map[int]*engine.Node
}

// addBalancer adds the environment's one load balancer and a listener for each
// public port. Without a public port there is none.
func (b *builder) addBalancer() {
	ports := publicPorts(b.app)
	if len(ports) == 0 || b.app.Direct() {
		return
	}
	b.balancer = &balancer{group: b.addBalancerGroup(ports), listeners: map[int]*engine.Node{}}
	role := b.graph.Add(b.env, "elb", iam.ServiceLinkedRole{Service: "elasticloadbalancing.amazonaws.com"})
	s := b.app.Settings
	const scheme = "internet-facing"
	lb := b.graph.Add(b.env, "main", elb.LoadBalancer{
		Name:               engine.Name(b.env, b.facts.Region, b.app.Environment, maxBalancerName, scheme, b.net.identity),
		Scheme:             scheme,
		Subnets:            b.net.public,
		SecurityGroups:     []engine.Ref{b.balancer.group.ID()},
		DeletionProtection: s.DeletionProtection.Value,
		IdleSeconds:        s.IdleSeconds.Value,
	}).After(role, engine.Ready)
	if b.net.gateway != nil {
		// AWS refuses an internet-facing balancer without an internet gateway.
		lb.After(b.net.gateway, engine.Created)
	}
	b.balancer.node = lb
	b.addHTTPS(lb)
	for _, port := range ports {
		if len(b.app.HostNames()) > 0 && (port == 80 || port == 443) {
			continue
		}
		// A listener can be made while the balancer is still provisioning.
		b.balancer.listeners[port] = b.graph.Add(b.env, strconv.Itoa(port), elb.Listener{
			LoadBalancer: lb.ARN(), Port: port, Protocol: "HTTP",
		})
	}
}

func (b *builder) addBalancerGroup(ports []int) *engine.Node {
	rules := make([]ec2.Rule, 0, 2*len(ports))
	for _, port := range ports {
		rules = append(rules, fromInternet(port)...)
	}
	return b.graph.Add(b.env, "balancer", ec2.SecurityGroup{
		VPC:         b.net.vpc,
		Name:        engine.Name(b.env, b.facts.Region, "balancer", maxName),
		Description: "berth: load balancer of " + b.app.Environment,
		Ingress:     rules,
	})
}

// fromInternet lets everybody in at a port.
func fromInternet(port int) []ec2.Rule {
	return []ec2.Rule{
		{Protocol: app.AppTCP, From: port, To: port, CIDR: "0.0.0.0/0"},
		{Protocol: app.AppTCP, From: port, To: port, CIDR: "::/0"},
	}
}

// publicPorts are the ports that the balancer listens to, ascending.
func publicPorts(a *app.App) []int {
	var ports []int
	for _, s := range a.Services {
		for _, p := range s.PublicPorts() {
			if p.Hosted {
				ports = append(ports, 80, 443)
				continue
			}
			ports = append(ports, p.Published)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// addTargets adds a target group for each public container port of a service
// and a rule for each of its listeners. The service waits for the rules: ECS
// refuses a target group that no balancer uses.
func (b *builder) addTargets(s app.Service) (targets []target) {
	groups := map[int]*engine.Node{}
	for _, p := range s.PublicPorts() {
		if b.balancer == nil || p.Hosted && !b.servesHosts(s, p) {
			continue
		}
		group := groups[p.Container]
		if group == nil {
			group = b.addTargetGroup(s, p)
			groups[p.Container] = group
			targets = append(targets, target{group: group, port: p.Container})
		}
		last := &targets[slices.IndexFunc(targets, func(t target) bool { return t.port == p.Container })]
		if p.Hosted {
			last.rules = append(last.rules, b.addHostRules(s, group)...)
			continue
		}
		rule := b.graph.Add(b.stack, s.Name+"-"+strconv.Itoa(p.Published), elb.Rule{
			Listener: b.balancer.listeners[p.Published].ARN(), Priority: rulePriority(s.Name),
			Paths: []string{"/*"}, TargetGroup: group.ARN(),
		})
		last.rules = append(last.rules, rule)
	}
	return targets
}

// target is a container port behind the balancer.
type target struct {
	group *engine.Node
	port  int
	rules []*engine.Node
}

func (b *builder) addTargetGroup(s app.Service, p app.Port) *engine.Node {
	version := protocolVersion(p.App)
	path, matcher := balancerCheck(s, p)
	k := b.app.Settings
	drain := k.DrainSeconds.Value
	if s.DrainSeconds != nil {
		drain = *s.DrainSeconds
	}
	original := s.Name + "-" + strconv.Itoa(p.Container)
	return b.graph.Add(b.stack, original, elb.TargetGroup{
		Name: engine.Name(b.stack, b.facts.Region, original, maxBalancerName, version, b.net.identity),
		VPC:  b.net.vpc, Port: p.Container, Version: version,
		Path: path, Matcher: matcher,
		Interval: k.HealthInterval.Value, Timeout: k.HealthTimeout.Value,
		Healthy: k.Healthy.Value, Unhealthy: k.Unhealthy.Value,
		DrainSeconds: drain,
	})
}

func protocolVersion(appProtocol string) string {
	switch appProtocol {
	case app.AppHTTP2:
		return "HTTP2"
	case app.AppGRPC:
		return "GRPC"
	}
	return "HTTP1"
}
