package network

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type natGateway struct{ types.NatGateway }

func (n *natGateway) tags() *[]types.Tag { return &n.Tags }

// exists reports whether the gateway really exists: AWS shows deleted gateways
// for about an hour.
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

func (p *gateways) natRoutes(r *world.Router) {
	world.On(r, p.createNatGateway)
	world.On(r, p.describeNatGateways)
	world.On(r, p.deleteNatGateway)
	r.Event("ec2.nat.available", p.natAvailable)
	r.Event("ec2.nat.deleted", p.natDeleted)
	r.Event("ec2.nat.forgotten", func(at time.Time, id string) { p.s.NATs.Remove(at, id) })
}

func (p *gateways) createNatGateway(rq *world.Request, in *ec2.CreateNatGatewayInput) (*ec2.CreateNatGatewayOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeNatgateway)
	if err != nil {
		return nil, err
	}
	known, err := sameToken(rq, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if n := p.s.NATs.Get(known); n != nil {
		return &ec2.CreateNatGatewayOutput{NatGateway: &n.NatGateway, ClientToken: in.ClientToken}, nil
	}
	s, err := p.s.findSubnet(rq, aws.ToString(in.SubnetId))
	if err != nil {
		return nil, err
	}
	if !p.account.HasNAT(aws.ToString(s.AvailabilityZone)) {
		return nil, world.APIError(400, "NotAvailableInZone", "Nat Gateway is not available in this availability zone")
	}
	a := p.s.Addresses.Find(rq, aws.ToString(in.AllocationId))
	if a == nil {
		return nil, missing("InvalidAllocationID.NotFound", "allocation", aws.ToString(in.AllocationId))
	}
	if a.AssociationId != nil {
		return nil, world.APIError(400, "Resource.AlreadyAssociated", "Elastic IP address %s is already associated", *a.AllocationId)
	}
	if p.s.natsIn(*s.AvailabilityZone) >= p.account.Quota("nat gateways per zone", 5) {
		return nil, world.APIError(400, "NatGatewayLimitExceeded", "The maximum number of NAT gateways has been reached in %s.", *s.AvailabilityZone)
	}
	n := p.newNAT(rq, s, a, tags)
	rq.Remember(in.ClientToken, in, *n.NatGatewayId)
	return &ec2.CreateNatGatewayOutput{NatGateway: &n.NatGateway, ClientToken: in.ClientToken}, nil
}

// newNAT starts a gateway: it takes its interface and its address at once, and
// becomes available later. Without an internet gateway in the VPC it fails,
// which only a describe call shows.
func (p *gateways) newNAT(rq *world.Request, s *subnet, a *address, tags []types.Tag) *natGateway {
	id := p.account.NewID("nat")
	n := &natGateway{types.NatGateway{
		NatGatewayId: &id, SubnetId: s.SubnetId, VpcId: s.VpcId, State: types.NatGatewayStatePending,
		CreateTime: aws.Time(rq.Now), ConnectivityType: types.ConnectivityTypePublic, Tags: tags,
		NatGatewayAddresses: []types.NatGatewayAddress{{AllocationId: a.AllocationId, IsPrimary: aws.Bool(true)}},
	}}
	p.s.NATs.Put(p.account, rq.Now, id, n)
	if p.s.gatewayOf(*s.VpcId) == nil {
		n.State, n.FailureCode = types.NatGatewayStateFailed, aws.String("Gateway.NotAttached")
		n.FailureMessage = aws.String("Network " + *s.VpcId + " has no Internet gateway attached")
		p.account.Schedule(rq.Now.Add(natMemory), "ec2.nat.forgotten", id)
		return n
	}
	eni := p.interfaces.Attach("nat_gateway", *s.SubnetId, nil, false, "Interface for NAT Gateway "+id)
	face := p.s.Interfaces.Get(eni)
	face.Association = &types.NetworkInterfaceAssociation{
		AllocationId: a.AllocationId, PublicIp: a.PublicIp, IpOwnerId: aws.String(p.account.Number()),
	}
	a.AssociationId, a.NetworkInterfaceId = aws.String(p.account.NewID("eipassoc")), &eni
	a.PrivateIpAddress = face.PrivateIpAddress
	n.NatGatewayAddresses[0].NetworkInterfaceId = &eni
	n.NatGatewayAddresses[0].PublicIp, n.NatGatewayAddresses[0].PrivateIp = a.PublicIp, face.PrivateIpAddress
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.NATAvailable)), "ec2.nat.available", id)
	return n
}

func (p *gateways) natAvailable(_ time.Time, id string) {
	if n := p.s.NATs.Get(id); n != nil && n.State == types.NatGatewayStatePending {
		n.State = types.NatGatewayStateAvailable
	}
}

func (p *gateways) describeNatGateways(rq *world.Request, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
	page, next, err := describe(rq, &p.s.NATs, view{
		in.NatGatewayIds, in.Filter, "NatGatewayNotFound", "NatGateway", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeNatGatewaysOutput{
		NatGateways: unpack(page, func(n *natGateway) types.NatGateway { return n.NatGateway }), NextToken: next,
	}, err
}

func (p *gateways) deleteNatGateway(rq *world.Request, in *ec2.DeleteNatGatewayInput) (*ec2.DeleteNatGatewayOutput, error) {
	id := aws.ToString(in.NatGatewayId)
	n := p.s.NATs.Find(rq, id)
	if n == nil || n.State == types.NatGatewayStateDeleted {
		return nil, world.APIError(400, "NatGatewayNotFound", "The Nat Gateway %s was not found", id)
	}
	if n.State != types.NatGatewayStateDeleting {
		failed := n.State == types.NatGatewayStateFailed
		n.State = types.NatGatewayStateDeleting
		wait := p.account.Takes(world.NATDeleted)
		if failed {
			wait = 0
		}
		p.account.Schedule(rq.Now.Add(wait), "ec2.nat.deleted", id)
	}
	return &ec2.DeleteNatGatewayOutput{NatGatewayId: &id}, nil
}

// natDeleted frees the gateway's address and interface. The gateway's own
// interface leaves no public mapping behind: its address is an Elastic IP.
func (p *gateways) natDeleted(at time.Time, id string) {
	n := p.s.NATs.Get(id)
	if n == nil {
		return
	}
	n.State, n.DeleteTime = types.NatGatewayStateDeleted, aws.Time(at)
	for _, na := range n.NatGatewayAddresses {
		if a := p.s.Addresses.Get(aws.ToString(na.AllocationId)); a != nil && na.NetworkInterfaceId != nil {
			a.AssociationId, a.NetworkInterfaceId, a.PrivateIpAddress = nil, nil, nil
		}
		p.s.Interfaces.Remove(at, aws.ToString(na.NetworkInterfaceId))
	}
	p.s.blackhole(id)
	p.account.Schedule(at.Add(natMemory), "ec2.nat.forgotten", id)
}

// natsIn counts the gateways of a zone.
func (s *state) natsIn(zone string) int {
	count := 0
	for _, n := range s.NATs.All() {
		if s := s.Subnets.Get(*n.SubnetId); n.exists() && s != nil && *s.AvailabilityZone == zone {
			count++
		}
	}
	return count
}
