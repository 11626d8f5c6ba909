package blueprint

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/engine"
)

// The names of the environment's network load balancers: one for the internet
// and one for private addresses.
const (
	networkBalancer         = "network"
	internalNetworkBalancer = "network-internal"
)

func networkName(internal bool) string {
	if internal {
		return internalNetworkBalancer
	}
	return networkBalancer
}

// netListener is a port of a network load balancer with all that is spoken on
// it.
type netListener struct {
	internal             bool
	published, container int
	tcp, udp             bool
	check                app.NetworkCheck
	// app is what is spoken on it, if that is HTTP.
	app string
}

// protocol is AWS's word for what the listener takes.
func (l netListener) protocol() string {
	switch {
	case l.tcp && l.udp:
		return "TCP_UDP"
	case l.udp:
		return "UDP"
	}
	return "TCP"
}

// words are the protocols as security groups know them.
func (l netListener) words() []string {
	var out []string
	if l.tcp {
		out = append(out, app.AppTCP)
	}
	if l.udp {
		out = append(out, app.AppUDP)
	}
	return out
}

// netListeners are a service's ports on network load balancers, by port; TCP
// and UDP on one number are one.
func netListeners(s app.Service) []netListener {
	var out []netListener
	for _, p := range s.NetworkPorts() {
		i := slices.IndexFunc(out, func(l netListener) bool { return l.internal == p.Internal && l.published == p.Published })
		if i < 0 {
			check, _ := s.NetworkCheck(p) // the app was refused if there is none
			out = append(out, netListener{internal: p.Internal, published: p.Published, container: p.Container, check: check, app: p.App})
			i = len(out) - 1
		}
		out[i].tcp = out[i].tcp || p.Protocol == app.AppTCP
		out[i].udp = out[i].udp || p.Protocol == app.AppUDP
	}
	slices.SortFunc(out, func(a, b netListener) int {
		return cmp.Or(cmp.Compare(a.published, b.published), cmp.Compare(networkName(a.internal), networkName(b.internal)))
	})
	return out
}

// netBalancer is one of the environment's network load balancers.
type netBalancer struct{ node, group *engine.Node }

// addNetworkBalancers adds the environment's network load balancers that a
// service asks for. Their listeners are the stack's: each leads to a target
// group of one service.
func (b *builder) addNetworkBalancers() {
	b.netBalancers = map[bool]netBalancer{}
	for _, internal := range []bool{false, true} {
		var all []netListener
		for _, s := range b.app.Services {
			for _, l := range netListeners(s) {
				if l.internal == internal {
					all = append(all, l)
				}
			}
		}
		if len(all) > 0 {
			b.netBalancers[internal] = b.addNetworkBalancer(internal, all)
		}
	}
}

func (b *builder) addNetworkBalancer(internal bool, ports []netListener) netBalancer {
	name, what, scheme, subnets := networkName(internal), "network", "internet-facing", b.net.public
	if internal {
		what, scheme, subnets = "internal network", "internal", b.net.private
	}
	var rules []ec2.Rule
	for _, l := range ports {
		for _, protocol := range l.words() {
			for _, from := range b.clients(internal) {
				rules = append(rules, ec2.Rule{Protocol: protocol, From: l.published, To: l.published, CIDR: from})
			}
		}
	}
	out := netBalancer{group: b.graph.Add(b.env, "balancer-"+name, ec2.SecurityGroup{
		VPC:         b.net.vpc,
		Name:        engine.Name(b.env, b.facts.Region, "balancer-"+name, maxName),
		Description: "berth: " + what + " load balancer of " + b.app.Environment,
		Ingress:     rules,
	})}
	out.node = b.graph.Add(b.env, name, elb.LoadBalancer{
		Name: engine.Name(b.env, b.facts.Region, balancerName(b.app.Environment), maxBalancerName, elb.Network, scheme, b.net.identity),
		Kind: elb.Network, Scheme: scheme, Subnets: subnets,
		// One that is made without a group can never have one.
		SecurityGroups:     []engine.Ref{out.group.ID()},
		DeletionProtection: b.app.Settings.DeletionProtection.Value,
		// A zone without a task of the service would else drop connections.
		CrossZone: true,
	}).After(b.balancerRole(), engine.Ready)
	if b.net.gateway != nil && !internal {
		out.node.After(b.net.gateway, engine.Created)
	}
	return out
}

// balancerRole is the role by which Elastic Load Balancing works.
func (b *builder) balancerRole() *engine.Node {
	role := iam.ServiceLinkedRole{Service: "elasticloadbalancing.amazonaws.com"}
	if have := b.graph.Node(engine.Address{Owner: b.env, Type: role.Type(), Name: "elb"}); have != nil {
		return have
	}
	return b.graph.Add(b.env, "elb", role)
}

// clients are who may reach a network load balancer: everybody, or the private
// addresses of the VPC, of networks that are connected to it and of those that
// come through PrivateLink.
func (b *builder) clients(internal bool) []string {
	if !internal {
		return []string{"0.0.0.0/0"}
	}
	out := []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}
	for _, r := range b.facts.Given.Ranges {
		inner, err := netip.ParsePrefix(r)
		if err == nil && !slices.ContainsFunc(out, func(o string) bool { return netip.MustParsePrefix(o).Contains(inner.Addr()) }) {
			out = append(out, r)
		}
	}
	return out
}

// addNetworkTargets adds a target group for each of a service's ports on the
// network load balancers, and the listeners that lead there.
func (b *builder) addNetworkTargets(s app.Service) []target {
	groups := map[string]int{}
	var targets []target
	for _, l := range netListeners(s) {
		name := s.Name + "-" + strconv.Itoa(l.container) + "-" + strings.ToLower(strings.ReplaceAll(l.protocol(), "_", "-"))
		suffix := ""
		if l.internal {
			suffix = "-internal"
		}
		i, ok := groups[name+suffix]
		if !ok {
			i = len(targets)
			groups[name+suffix] = i
			targets = append(targets, target{group: b.addNetworkGroup(s, l, name+suffix), port: l.container})
		}
		balancer := b.netBalancers[l.internal]
		listener := b.graph.Add(b.stack, s.Name+"-"+strconv.Itoa(l.published)+suffix, elb.Listener{
			LoadBalancer: balancer.node.ARN(), Port: l.published, Protocol: l.protocol(), TargetGroup: targets[i].group.ARN(),
		})
		targets[i].rules = append(targets[i].rules, listener)
	}
	return targets
}

func (b *builder) addNetworkGroup(s app.Service, l netListener, name string) *engine.Node {
	k := b.app.Settings
	drain := k.DrainSeconds.Value
	if s.DrainSeconds != nil {
		drain = *s.DrainSeconds
	}
	want := elb.TargetGroup{
		Name: engine.Name(b.stack, b.facts.Region, name, maxBalancerName, networkName(l.internal), b.net.identity),
		VPC:  b.net.vpc, Port: l.container, Protocol: l.protocol(),
		CheckProtocol: "TCP", CheckPort: l.check.Port,
		Interval: k.HealthInterval.Value, Timeout: k.HealthTimeout.Value,
		Healthy: k.Healthy.Value, Unhealthy: k.Unhealthy.Value,
		DrainSeconds: drain,
	}
	if l.check.Path != "" {
		want.CheckProtocol, want.Path, want.Matcher = "", l.check.Path, "200-399"
		if s.HealthPath == "" && s.Health == nil {
			want.Matcher = anyAnswer
		}
	}
	return b.graph.Add(b.stack, name, want)
}

// networkIngress lets the network load balancers in, to serve and to check.
func (b *builder) networkIngress(w app.Workload) []ec2.Rule {
	s, ok := b.app.Service(w.Name)
	if !ok {
		return nil
	}
	var rules []ec2.Rule
	add := func(protocol string, port int, from engine.Ref) {
		r := ec2.Rule{Protocol: protocol, From: port, To: port, Source: from}
		if !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	for _, l := range netListeners(s) {
		group := b.netBalancers[l.internal].group.ID()
		for _, protocol := range l.words() {
			add(protocol, l.container, group)
		}
		switch {
		case l.check.Port != 0:
			add(app.AppTCP, l.check.Port, group)
		case !l.tcp:
			add(app.AppTCP, l.container, group)
		}
	}
	return rules
}
