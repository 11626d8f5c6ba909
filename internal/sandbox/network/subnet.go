package network

import (
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// subnet is a subnet and the number of addresses that it has assigned.
type subnet struct {
	// AvailableIpAddressCount is that of the empty subnet: free has the present one.
	types.Subnet
	Given int
	// Full says that interfaces of others have all addresses.
	Full bool `json:",omitempty"`
}

// free is how many addresses of a subnet no interface has.
func (s *state) free(sub *subnet) int32 {
	if sub.Full {
		return 0
	}
	free := *sub.AvailableIpAddressCount
	for _, n := range s.Interfaces.All() {
		if aws.ToString(n.SubnetId) == *sub.SubnetId {
			free--
		}
	}
	return free
}

func (s *subnet) tags() *[]types.Tag { return &s.Tags }

func (s *subnet) field(filter string) ([]string, bool) {
	switch filter {
	case "subnet-id":
		return one(s.SubnetId)
	case "vpc-id":
		return one(s.VpcId)
	case "cidr-block", "cidr", "cidrBlock":
		return one(s.CidrBlock)
	case "availability-zone", "availabilityZone":
		return one(s.AvailabilityZone)
	case "state":
		return []string{string(s.State)}, true
	case "default-for-az", "defaultForAz":
		return []string{boolText(aws.ToBool(s.DefaultForAz))}, true
	case "map-public-ip-on-launch":
		return []string{boolText(aws.ToBool(s.MapPublicIpOnLaunch))}, true
	}
	return nil, false
}

// subnets are the subnets and the zones that they lie in.
type subnets struct {
	account *world.Account
	s       *state
}

func (p *subnets) subnetRoutes(r *world.Router) {
	world.On(r, p.createSubnet)
	world.On(r, p.describeSubnets)
	world.On(r, p.deleteSubnet)
	world.On(r, p.modifySubnetAttribute)
}

func (p *subnets) createSubnet(rq *world.Request, in *ec2.CreateSubnetInput) (*ec2.CreateSubnetOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeSubnet)
	if err != nil {
		return nil, err
	}
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	block, err := p.freeBlock(v, aws.ToString(in.CidrBlock))
	if err != nil {
		return nil, err
	}
	zone := aws.ToString(in.AvailabilityZone)
	if zone == "" {
		zone = p.account.Zones()[0]
	}
	if !slices.Contains(p.account.Zones(), zone) {
		return nil, badValue("Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %v.", zone, p.account.Zones())
	}
	s := p.newSubnet(rq, v, block, zone, tags)
	return &ec2.CreateSubnetOutput{Subnet: &s.Subnet}, nil
}

// freeBlock checks that a range is in the VPC and overlaps no subnet.
func (p *subnets) freeBlock(v *vpc, cidr string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(cidr)
	if err != nil {
		return block, badValue("Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", cidr)
	}
	block = block.Masked()
	whole := netip.MustParsePrefix(*v.CidrBlock)
	if !whole.Contains(block.Addr()) || block.Bits() < whole.Bits() || block.Bits() > 28 {
		return block, world.APIError(400, "InvalidSubnet.Range", "The CIDR '%s' is invalid.", cidr)
	}
	for _, s := range p.s.Subnets.All() {
		if *s.VpcId == *v.VpcId && netip.MustParsePrefix(*s.CidrBlock).Overlaps(block) {
			return block, world.APIError(400, "InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", cidr)
		}
	}
	return block, nil
}

func (p *subnets) newSubnet(rq *world.Request, v *vpc, block netip.Prefix, zone string, tags []types.Tag) *subnet {
	id := p.account.NewID("subnet")
	s := &subnet{Subnet: types.Subnet{
		SubnetId: &id, VpcId: v.VpcId, CidrBlock: aws.String(block.String()), State: types.SubnetStateAvailable,
		AvailabilityZone: &zone, AvailabilityZoneId: aws.String(p.account.ZoneID(zone)),
		// AWS keeps five addresses of every subnet.
		AvailableIpAddressCount: aws.Int32(int32(1)<<(32-block.Bits()) - 5),
		OwnerId:                 aws.String(p.account.Number()), SubnetArn: aws.String(p.account.ARN("ec2", "subnet/"+id)),
		MapPublicIpOnLaunch: aws.Bool(false), DefaultForAz: aws.Bool(false),
		AssignIpv6AddressOnCreation: aws.Bool(false), Tags: tags,
	}}
	return p.s.Subnets.Put(p.account, rq.Now, id, s)
}

func (p *subnets) describeSubnets(rq *world.Request, in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
	page, next, err := describe(rq, &p.s.Subnets, view{
		in.SubnetIds, in.Filters, "InvalidSubnetID.NotFound", "subnet", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeSubnetsOutput{
		Subnets: unpack(page, func(s *subnet) types.Subnet {
			shown := s.Subnet
			shown.AvailableIpAddressCount = aws.Int32(p.s.free(s))
			return shown
		}), NextToken: next,
	}, err
}

func (p *subnets) deleteSubnet(rq *world.Request, in *ec2.DeleteSubnetInput) (*ec2.DeleteSubnetOutput, error) {
	id := aws.ToString(in.SubnetId)
	if _, err := p.s.findSubnet(rq, id); err != nil {
		return nil, err
	}
	if some(&p.s.Interfaces, func(n *networkInterface) bool { return aws.ToString(n.SubnetId) == id }) {
		return nil, inUse("The subnet '%s' has dependencies and cannot be deleted.", id)
	}
	for _, t := range p.s.RouteTables.All() {
		t.Associations = slices.DeleteFunc(t.Associations, func(a types.RouteTableAssociation) bool {
			return aws.ToString(a.SubnetId) == id
		})
	}
	p.s.Subnets.Remove(rq.Now, id)
	return &ec2.DeleteSubnetOutput{}, nil
}

func (p *subnets) modifySubnetAttribute(rq *world.Request, in *ec2.ModifySubnetAttributeInput) (*ec2.ModifySubnetAttributeOutput, error) {
	s, err := p.s.findSubnet(rq, aws.ToString(in.SubnetId))
	if err != nil {
		return nil, err
	}
	if b := in.MapPublicIpOnLaunch; b != nil {
		s.MapPublicIpOnLaunch = b.Value
	}
	return &ec2.ModifySubnetAttributeOutput{}, nil
}

func (s *state) findSubnet(rq *world.Request, id string) (*subnet, error) {
	if s := s.Subnets.Find(rq, id); s != nil {
		return s, nil
	}
	return nil, missing("InvalidSubnetID.NotFound", "subnet", id)
}

// nextIP assigns an address of a subnet: AWS reserves the first four.
func (s *subnet) nextIP() string {
	a := netip.MustParsePrefix(*s.CidrBlock).Addr()
	s.Given++
	for range s.Given + 3 {
		a = a.Next()
	}
	return a.String()
}
