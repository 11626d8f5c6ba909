package blueprint

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
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

// netListener is a port of a network load balancer with its protocols.
type netListener struct {
	internal             bool
	published, container int
	tcp, udp             bool
	check                app.NetworkCheck
	// app is the application protocol, if it is HTTP; in is the sidecar that listens.
	app, in string
}

// protocol is the protocol of the listener in AWS's terms.
func (l netListener) protocol() string {
	switch {
	case l.tcp && l.udp:
		return "TCP_UDP"
	case l.udp:
		return "UDP"
	}
	return "TCP"
}

// words are the protocols in the terms of security groups.
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

// netListeners are a service's ports on network load balancers, by port; TCP and UDP
// on the same number are one listener.
func netListeners(s app.Service) []netListener {
	var out []netListener
	for _, p := range s.NetworkPorts() {
		i := slices.IndexFunc(out, func(l netListener) bool { return l.internal == p.Internal && l.published == p.Published })
		if i < 0 {
			check, _ := s.Behind(p).NetworkCheck(p) // an app without a check was refused
			out = append(out, netListener{internal: p.Internal, published: p.Published, container: p.Container, check: check, app: p.App, in: p.In})
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

// networkBalancers is the stage of the network load balancers that services ask for.
// Their listeners belong to the stacks, because each leads to a target group of one
// service.
func (e environment) networkBalancers(net network) map[bool]netBalancer {
	out := map[bool]netBalancer{}
	for _, internal := range []bool{false, true} {
		var ports []NetworkPort
		for _, p := range e.spec.NetworkPorts {
			if p.Internal == internal {
				ports = append(ports, p)
			}
		}
		if len(ports) > 0 {
			out[internal] = e.addNetworkBalancer(net, internal, ports)
		}
	}
	return out
}

func (e environment) addNetworkBalancer(net network, internal bool, ports []NetworkPort) netBalancer {
	name, what, scheme, subnets := networkName(internal), "network", "internet-facing", net.public
	if internal {
		what, scheme, subnets = "internal network", "internal", net.private
	}
	var rules []ec2.Rule
	for _, p := range ports {
		for _, protocol := range p.Protocols {
			for _, from := range e.clients(internal) {
				rules = append(rules, ec2.Rule{Protocol: protocol, From: p.Port, To: p.Port, CIDR: from})
			}
		}
	}
	out := netBalancer{group: e.add("balancer-"+name, ec2.SecurityGroup{
		VPC:         net.vpc,
		Name:        e.name("balancer-"+name, maxName),
		Description: "berth: " + what + " load balancer of " + e.spec.Name,
		Ingress:     rules,
	})}
	out.node = e.add(name, elb.LoadBalancer{
		Name: e.name(balancerName(e.spec.Name), maxBalancerName, elb.Network, scheme, net.identity),
		Kind: elb.Network, Scheme: scheme, Subnets: subnets,
		// A balancer that was made without a group can never get one.
		SecurityGroups:     []engine.Ref{out.group.ID()},
		DeletionProtection: e.spec.Settings.DeletionProtection.Value,
		// Otherwise a zone without a task of the service would drop connections.
		CrossZone: true,
	}).After(e.balancerRole(), engine.Ready)
	if net.gateway != nil && !internal {
		out.node.After(net.gateway, engine.Created)
	}
	return out
}

// clients are the ranges that may reach a network load balancer: all addresses, or
// the private addresses of the VPC, of connected networks and of PrivateLink.
func (e environment) clients(internal bool) []string {
	if !internal {
		return []string{"0.0.0.0/0"}
	}
	out := []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}
	for _, r := range e.facts.Existing.Ranges {
		inner, err := netip.ParsePrefix(r)
		if err == nil && !slices.ContainsFunc(out, func(o string) bool { return netip.MustParsePrefix(o).Contains(inner.Addr()) }) {
			out = append(out, r)
		}
	}
	return out
}
