package sandbox

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type natGateway struct{ types.NatGateway }

func (n *natGateway) tags() *[]types.Tag { return &n.Tags }

// exists tells whether the gateway is more than a memory: AWS shows deleted
// ones for about an hour.
func (n *natGateway) exists() bool {
	return n.State != types.NatGatewayStateDeleted && n.State != types.NatGatewayStateFailed
}

func (n *natGateway) field(filter string) ([]string, bool) {
	switch filter {
	case "nat-gateway-id":
		return one(n.NatGatewayId)
	case "state":
		return []string{string(n.State)}, true
	case "subnet-id":
		return one(n.SubnetId)
	case "vpc-id":
		return one(n.VpcId)
	}
	return nil, false
}

// natMemory is how long a deleted or failed gateway stays listed:
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
const natMemory = time.Hour

func (p *ec2Gateways) natRoutes(r *router) {
	on(r, p.createNatGateway)
	on(r, p.describeNatGateways)
	on(r, p.deleteNatGateway)
	r.event("ec2.nat.available", p.natAvailable)
	r.event("ec2.nat.deleted", p.natDeleted)
	r.event("ec2.nat.forgotten", func(at time.Time, id string) { p.s.NATs.remove(at, id) })
}

func (p *ec2Gateways) createNatGateway(rq *request, in *ec2.CreateNatGatewayInput) (*ec2.CreateNatGatewayOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeNatgateway)
	if err != nil {
		return nil, err
	}
	known, err := rq.sameToken(in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if n := p.s.NATs.get(known); n != nil {
		return &ec2.CreateNatGatewayOutput{NatGateway: &n.NatGateway, ClientToken: in.ClientToken}, nil
	}
	s, err := p.s.findSubnet(rq, aws.ToString(in.SubnetId))
	if err != nil {
		return nil, err
	}
	if !p.account.hasNAT(aws.ToString(s.AvailabilityZone)) {
		return nil, apiError(400, "NotAvailableInZone", "Nat Gateway is not available in this availability zone")
	}
	a := p.s.Addresses.find(rq, aws.ToString(in.AllocationId))
	if a == nil {
		return nil, missing("InvalidAllocationID.NotFound", "allocation", aws.ToString(in.AllocationId))
	}
	if a.AssociationId != nil {
		return nil, apiError(400, "Resource.AlreadyAssociated", "Elastic IP address %s is already associated", *a.AllocationId)
	}
	if p.s.natsIn(*s.AvailabilityZone) >= p.account.quota("nat gateways per zone", 5) {
		return nil, apiError(400, "NatGatewayLimitExceeded", "The maximum number of NAT gateways has been reached in %s.", *s.AvailabilityZone)
	}
	n := p.newNAT(rq, s, a, tags)
	rq.remember(in.ClientToken, in, *n.NatGatewayId)
	return &ec2.CreateNatGatewayOutput{NatGateway: &n.NatGateway, ClientToken: in.ClientToken}, nil
}

// newNAT starts a gateway: its interface and its address are tied at once, and
// it works later. Without an internet gateway in the VPC it will fail, which
// only a describe tells.
func (p *ec2Gateways) newNAT(rq *request, s *subnet, a *address, tags []types.Tag) *natGateway {
	id := p.account.newID("nat")
	n := &natGateway{types.NatGateway{
		NatGatewayId: &id, SubnetId: s.SubnetId, VpcId: s.VpcId, State: types.NatGatewayStatePending,
		CreateTime: aws.Time(rq.now), ConnectivityType: types.ConnectivityTypePublic, Tags: tags,
		NatGatewayAddresses: []types.NatGatewayAddress{{AllocationId: a.AllocationId, IsPrimary: aws.Bool(true)}},
	}}
	p.s.NATs.put(p.account, rq.now, id, n)
	if p.s.gatewayOf(*s.VpcId) == nil {
		n.State, n.FailureCode = types.NatGatewayStateFailed, aws.String("Gateway.NotAttached")
		n.FailureMessage = aws.String("Network " + *s.VpcId + " has no Internet gateway attached")
		p.account.schedule(rq.now.Add(natMemory), "ec2.nat.forgotten", id)
		return n
	}
	eni := p.Interfaces.Attach("nat_gateway", *s.SubnetId, nil, false, "Interface for NAT Gateway "+id)
	face := p.s.Interfaces.get(eni)
	face.Association = &types.NetworkInterfaceAssociation{
		AllocationId: a.AllocationId, PublicIp: a.PublicIp, IpOwnerId: aws.String(p.account.number()),
	}
	a.AssociationId, a.NetworkInterfaceId = aws.String(p.account.newID("eipassoc")), &eni
	a.PrivateIpAddress = face.PrivateIpAddress
	n.NatGatewayAddresses[0].NetworkInterfaceId = &eni
	n.NatGatewayAddresses[0].PublicIp, n.NatGatewayAddresses[0].PrivateIp = a.PublicIp, face.PrivateIpAddress
	p.account.schedule(rq.now.Add(p.account.takes(NATAvailable)), "ec2.nat.available", id)
	return n
}

func (p *ec2Gateways) natAvailable(_ time.Time, id string) {
	if n := p.s.NATs.get(id); n != nil && n.State == types.NatGatewayStatePending {
		n.State = types.NatGatewayStateAvailable
	}
}

func (p *ec2Gateways) describeNatGateways(rq *request, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
	page, next, err := describe(rq, &p.s.NATs, view{
		in.NatGatewayIds, in.Filter, "NatGatewayNotFound", "NatGateway", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeNatGatewaysOutput{
		NatGateways: unpack(page, func(n *natGateway) types.NatGateway { return n.NatGateway }), NextToken: next,
	}, err
}

func (p *ec2Gateways) deleteNatGateway(rq *request, in *ec2.DeleteNatGatewayInput) (*ec2.DeleteNatGatewayOutput, error) {
	id := aws.ToString(in.NatGatewayId)
	n := p.s.NATs.find(rq, id)
	if n == nil || n.State == types.NatGatewayStateDeleted {
		return nil, apiError(400, "NatGatewayNotFound", "The Nat Gateway %s was not found", id)
	}
	if n.State != types.NatGatewayStateDeleting {
		failed := n.State == types.NatGatewayStateFailed
		n.State = types.NatGatewayStateDeleting
		wait := p.account.takes(NATDeleted)
		if failed {
			wait = 0
		}
		p.account.schedule(rq.now.Add(wait), "ec2.nat.deleted", id)
	}
	return &ec2.DeleteNatGatewayOutput{NatGatewayId: &id}, nil
}

// natDeleted frees the gateway's address and interface. The gateway's own
// interface leaves no public mapping behind: its address is an Elastic IP.
func (p *ec2Gateways) natDeleted(at time.Time, id string) {
	n := p.s.NATs.get(id)
	if n == nil {
		return
	}
	n.State, n.DeleteTime = types.NatGatewayStateDeleted, aws.Time(at)
	for _, na := range n.NatGatewayAddresses {
		if a := p.s.Addresses.get(aws.ToString(na.AllocationId)); a != nil && na.NetworkInterfaceId != nil {
			a.AssociationId, a.NetworkInterfaceId, a.PrivateIpAddress = nil, nil, nil
		}
		p.s.Interfaces.remove(at, aws.ToString(na.NetworkInterfaceId))
	}
	p.s.blackhole(id)
	p.account.schedule(at.Add(natMemory), "ec2.nat.forgotten", id)
}

// natsIn counts the gateways of a zone.
func (s *ec2State) natsIn(zone string) int {
	count := 0
	for _, n := range s.NATs.all() {
		if s := s.Subnets.get(*n.SubnetId); n.exists() && s != nil && *s.AvailabilityZone == zone {
			count++
		}
	}
	return count
}
