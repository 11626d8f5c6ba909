package sandbox

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// zoneOf is the availability zone of a subnet.
func (w *World) zoneOf(subnetID string) string {
	if s := w.ec2.s.Subnets.get(subnetID); s != nil {
		return aws.ToString(s.AvailabilityZone)
	}
	return ""
}

// online tells whether what is in a subnet can reach the internet: by an
// internet gateway with a public address, or by a NAT gateway that works.
func (w *World) online(subnetID string, public bool) bool {
	s := w.ec2.s.Subnets.get(subnetID)
	if s == nil {
		return false
	}
	for _, r := range w.routesOf(subnetID, aws.ToString(s.VpcId)) {
		if aws.ToString(r.DestinationCidrBlock) != "0.0.0.0/0" {
			continue
		}
		if n := w.ec2.s.NATs.get(aws.ToString(r.NatGatewayId)); n != nil {
			return n.State == ec2types.NatGatewayStateAvailable
		}
		gateway := aws.ToString(r.GatewayId)
		return public && strings.HasPrefix(gateway, "igw-") && w.ec2.s.Gateways.get(gateway) != nil
	}
	return false
}

// routesOf are the routes of a subnet: those of its table or of the main one.
func (w *World) routesOf(subnetID, vpcID string) []ec2types.Route {
	var main []ec2types.Route
	for _, t := range w.ec2.s.RouteTables.all() {
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

// allows tells whether the groups of a network interface let TCP packets in
// from the members of some groups. The CIDR rules count when they cover the
// whole VPC or everything, which is all that a sender's group tells.
func (w *World) allows(from []string, eni string, port int32) bool {
	n := w.ec2.s.Interfaces.get(eni)
	if n == nil {
		return false
	}
	for _, ident := range n.Groups {
		g := w.ec2.s.Groups.get(aws.ToString(ident.GroupId))
		if g == nil {
			continue
		}
		for _, r := range g.Rules {
			if !r.Egress && r.carries(port) && (slices.Contains(from, r.Group) || w.covers(r.CIDR, aws.ToString(n.VpcId))) {
				return true
			}
		}
	}
	return false
}

// carries tells whether a rule is about a TCP port.
func (r sgRule) carries(port int32) bool {
	return r.Protocol == "-1" || r.Protocol == "tcp" && (r.From <= port && port <= r.To || r.From == -1)
}

// covers tells whether a range contains a VPC's.
func (w *World) covers(cidr, vpcID string) bool {
	v := w.ec2.s.VPCs.get(vpcID)
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
