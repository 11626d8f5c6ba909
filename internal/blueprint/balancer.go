package blueprint

import (
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
)

// The ports that hosts share: browsers are sent on from the one to the other.
const (
	plainPort  = 80
	securePort = 443
)

// applicationBalancer is the name of the application load balancer in the graph.
const applicationBalancer = "main"

// balancer is the environment's load balancer as the stack sees it.
type balancer struct {
	// arn, dns and zone are its ARN, its host and the Route 53 zone of that.
	arn, dns, zone engine.Ref
	groups         []engine.Ref
	// listeners are by port.
	listeners map[int]engine.Ref
}

// addBalancer adds the environment's one load balancer and a listener for each
// public port. Without a public port there is none.
func (b *builder) addBalancer() {
	ports := publicPorts(b.app)
	if len(ports) == 0 || b.app.Direct() {
		return
	}
	if b.app.Settings.LoadBalancer.Value != "" {
		b.useBalancer(ports)
		return
	}
	group := b.addBalancerGroup(ports)
	b.balancer = &balancer{groups: []engine.Ref{group.ID()}, listeners: map[int]engine.Ref{}}
	role := b.balancerRole()
	s := b.app.Settings
	const scheme = "internet-facing"
	lb := b.graph.Add(b.env, applicationBalancer, elb.LoadBalancer{
		Name:               engine.Name(b.env, b.facts.Region, balancerName(b.app.Environment), maxBalancerName, scheme, b.net.identity),
		Scheme:             scheme,
		Subnets:            b.net.public,
		SecurityGroups:     b.balancer.groups,
		DeletionProtection: s.DeletionProtection.Value,
		IdleSeconds:        s.IdleSeconds.Value,
	}).After(role, engine.Ready)
	if b.net.gateway != nil {
		// AWS refuses an internet-facing balancer without an internet gateway.
		lb.After(b.net.gateway, engine.Created)
	}
	b.balancer.arn, b.balancer.dns, b.balancer.zone = lb.ARN(), lb.Output("dns"), lb.Output("zone")
	b.addHTTPS()
	for _, port := range ports {
		if len(b.app.HostNames()) > 0 && (port == plainPort || port == securePort) {
			continue
		}
		// A listener can be made while the balancer is still provisioning.
		b.balancer.listeners[port] = b.graph.Add(b.env, strconv.Itoa(port), elb.Listener{
			LoadBalancer: lb.ARN(), Port: port, Protocol: "HTTP",
		}).ARN()
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
				ports = append(ports, plainPort, securePort)
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
			Listener: b.balancer.listeners[p.Published], Priority: b.priority(s.Name, p.Published),
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
		Name: engine.Name(b.stack, b.facts.Region, original, maxBalancerName, b.targetIdentity(version)...),
		VPC:  b.net.vpc, Port: p.Container, Version: version,
		Path: path, Matcher: matcher, CheckPort: balancerCheckPort(s, p),
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
