package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// View is what other services see of the network.
type View struct {
	s *state
}

// Zone is the availability zone of a subnet; "" when there is no such subnet.
func (p *View) Zone(subnetID string) string {
	if s := p.s.Subnets.Get(subnetID); s != nil {
		return aws.ToString(s.AvailabilityZone)
	}
	return ""
}

// HasVPC reports whether a VPC exists.
func (p *View) HasVPC(id string) bool { return p.s.VPCs.Get(id) != nil }

// FindSubnet is the VPC and the zone of a subnet that a call names; ok is false
// when the call does not find it.
func (p *View) FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool) {
	s := p.s.Subnets.Find(rq, id)
	if s == nil {
		return "", "", false
	}
	return aws.ToString(s.VpcId), aws.ToString(s.AvailabilityZone), true
}

// FindGroup is the VPC of a security group that a call names; ok is false when
// the call does not find it.
func (p *View) FindGroup(rq *world.Request, id string) (vpcID string, ok bool) {
	g := p.s.Groups.Find(rq, id)
	if g == nil {
		return "", false
	}
	return aws.ToString(g.VpcId), true
}

// DefaultGroup is the default security group of the VPC of a subnet.
func (p *View) DefaultGroup(subnetID string) []string {
	s := p.s.Subnets.Get(subnetID)
	if s == nil {
		return nil
	}
	for _, g := range p.s.Groups.All() {
		if g.standard() && aws.ToString(g.VpcId) == aws.ToString(s.VpcId) {
			return []string{aws.ToString(g.GroupId)}
		}
	}
	return nil
}

// Address is the private address of a network interface; "" when there is none.
func (p *Interfaces) Address(eni string) string {
	if n := p.s.Interfaces.Get(eni); n != nil {
		return aws.ToString(n.PrivateIpAddress)
	}
	return ""
}

// Resolver returns how tasks in a subnet resolve names: in the private zones of
// which VPC, and with which search domains. ok is false if they cannot: private
// zones need both DNS attributes of the VPC.
func (p *View) Resolver(subnetID string) (vpcID string, search []string, ok bool) {
	s := p.s.Subnets.Get(subnetID)
	if s == nil {
		return "", nil, false
	}
	v := p.s.VPCs.Get(aws.ToString(s.VpcId))
	if v == nil || !v.DNSSupport || !v.DNSHostnames {
		return "", nil, false
	}
	if o := p.s.DHCP.Get(aws.ToString(v.DhcpOptionsId)); o != nil {
		for _, list := range o.option("domain-name") {
			search = append(search, strings.Fields(list)...)
		}
	}
	return *v.VpcId, search, true
}

// Online reports whether tasks in a subnet can reach the internet: through an
// internet gateway with a public address, or through an available NAT gateway.
func (p *View) Online(subnetID string, public bool) bool {
	s := p.s.Subnets.Get(subnetID)
	if s == nil {
		return false
	}
	for _, r := range p.routesOf(subnetID, aws.ToString(s.VpcId)) {
		if aws.ToString(r.DestinationCidrBlock) != "0.0.0.0/0" {
			continue
		}
		if n := p.s.NATs.Get(aws.ToString(r.NatGatewayId)); n != nil {
			return n.State == ec2types.NatGatewayStateAvailable
		}
		gateway := aws.ToString(r.GatewayId)
		return public && strings.HasPrefix(gateway, "igw-") && p.s.Gateways.Get(gateway) != nil
	}
	return false
}

// routesOf are the routes of a subnet: those of its table or of the main one.
func (p *View) routesOf(subnetID, vpcID string) []ec2types.Route {
	var main []ec2types.Route
	for _, t := range p.s.RouteTables.All() {
		for _, a := range t.Associations {
			if aws.ToString(a.SubnetId) == subnetID {
				return t.Routes
			}
		}
		if aws.ToString(t.VpcId) == vpcID && t.main() {
			main = t.Routes
		}
	}
	return main
}

// Allows reports whether the groups of a network interface allow TCP packets
// from the members of some groups, and those groups let them out. CIDR rules only count if they cover the
// whole VPC or everything, because a sender is only known by its groups.
func (p *View) Allows(from []string, eni string, port int32) bool {
	n := p.s.Interfaces.Get(eni)
	if n == nil || len(from) > 0 && !p.sends(from, n, port) {
		return false
	}
	for _, ident := range n.Groups {
		g := p.s.Groups.Get(aws.ToString(ident.GroupId))
		if g == nil {
			continue
		}
		for _, r := range g.Rules {
			if !r.Egress && r.carries(port) && (slices.Contains(from, r.Group) || p.covers(r.CIDR, aws.ToString(n.VpcId))) {
				return true
			}
		}
	}
	return false
}

// sends reports whether some groups let TCP packets out to a network interface.
func (p *View) sends(from []string, to *networkInterface, port int32) bool {
	return p.some(from, func(r sgRule) bool {
		return r.Egress && r.carries(port) && (p.covers(r.CIDR, aws.ToString(to.VpcId)) ||
			slices.ContainsFunc(to.Groups, func(g ec2types.GroupIdentifier) bool { return aws.ToString(g.GroupId) == r.Group }))
	})
}

// Leaves reports whether the groups of a network interface let TCP packets out to the
// internet.
func (p *View) Leaves(eni string, port int32) bool {
	n := p.s.Interfaces.Get(eni)
	if n == nil {
		return false
	}
	var groups []string
	for _, g := range n.Groups {
		groups = append(groups, aws.ToString(g.GroupId))
	}
	return p.some(groups, func(r sgRule) bool { return r.Egress && r.carries(port) && r.CIDR == "0.0.0.0/0" })
}

// Admits reports whether some groups let anybody in on a TCP port. Without groups, as a
// network load balancer may be, nothing is kept out.
func (p *View) Admits(groups []string, port int32) bool {
	return len(groups) == 0 || p.some(groups, func(r sgRule) bool { return !r.Egress && r.carries(port) })
}

// some reports whether one of the rules of some groups is so.
func (p *View) some(groups []string, is func(sgRule) bool) bool {
	for _, id := range groups {
		if g := p.s.Groups.Get(id); g != nil && slices.ContainsFunc(g.Rules, is) {
			return true
		}
	}
	return false
}

// carries reports whether a rule is about a TCP port.
func (r sgRule) carries(port int32) bool {
	return r.Protocol == "-1" || r.Protocol == "tcp" && (r.From <= port && port <= r.To || r.From == -1)
}

// covers reports whether a range contains a VPC's.
func (p *View) covers(cidr, vpcID string) bool {
	v := p.s.VPCs.Get(vpcID)
	if v == nil {
		return false
	}
	outer, err := netip.ParsePrefix(cidr)
	if err != nil {
		return false
	}
	inner, err := netip.ParsePrefix(aws.ToString(v.CidrBlock))
	return err == nil && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// Interface is the private address and the zone of a network interface; empty when
// there is none.
func (p *View) Interface(eni string) (ip, zone string) {
	n := p.s.Interfaces.Get(eni)
	if n == nil {
		return "", ""
	}
	return aws.ToString(n.PrivateIpAddress), aws.ToString(n.AvailabilityZone)
}
