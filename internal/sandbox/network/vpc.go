package network

import (
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// vpc is a VPC with the attributes that only DescribeVpcAttribute shows.
type vpc struct {
	types.Vpc
	DNSSupport, DNSHostnames bool
}

func (v *vpc) tags() *[]types.Tag { return &v.Tags }

func (v *vpc) field(filter string) ([]string, bool) {
	switch filter {
	case "vpc-id":
		return one(v.VpcId)
	case "cidr", "cidr-block-association.cidr-block":
		return one(v.CidrBlock)
	case "dhcp-options-id":
		return one(v.DhcpOptionsId)
	case "state":
		return []string{string(v.State)}, true
	case "owner-id":
		return one(v.OwnerId)
	case "is-default", "isDefault":
		return []string{boolText(aws.ToBool(v.IsDefault))}, true
	}
	return nil, false
}

// vpcs are the VPCs and their DHCP options.
type vpcs struct {
	account *world.Account
	s       *state
	tables  *tables
	groups  *groups
}

func (p *vpcs) vpcRoutes(r *world.Router) {
	world.On(r, p.createVpc)
	world.On(r, p.describeVpcs)
	world.On(r, p.deleteVpc)
	world.On(r, p.modifyVpcAttribute)
	world.On(r, p.describeVpcAttribute)
}

func (p *vpcs) createVpc(rq *world.Request, in *ec2.CreateVpcInput) (*ec2.CreateVpcOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeVpc)
	if err != nil {
		return nil, err
	}
	block, err := netip.ParsePrefix(aws.ToString(in.CidrBlock))
	if err != nil || !block.Addr().Is4() {
		return nil, badValue("Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", aws.ToString(in.CidrBlock))
	}
	if block.Bits() < 16 || block.Bits() > 28 {
		return nil, world.APIError(400, "InvalidVpc.Range", "The CIDR '%s' is invalid.", block)
	}
	if len(p.s.VPCs.All()) >= p.account.Quota("vpcs", 5) {
		return nil, world.APIError(400, "VpcLimitExceeded", "The maximum number of VPCs has been reached.")
	}
	v := p.newVPC(rq, block.Masked().String(), tags, false)
	return &ec2.CreateVpcOutput{Vpc: &v.Vpc}, nil
}

// newVPC makes a VPC with a main route table and a default security group. AWS
// answers "pending", and the state is "available" from then on.
func (p *vpcs) newVPC(rq *world.Request, cidr string, tags []types.Tag, isDefault bool) *vpc {
	id := p.account.NewID("vpc")
	v := &vpc{
		Vpc: types.Vpc{
			VpcId: &id, CidrBlock: &cidr, State: types.VpcStateAvailable, OwnerId: aws.String(p.account.Number()),
			DhcpOptionsId: aws.String(p.s.DefaultDHCP), IsDefault: &isDefault,
			InstanceTenancy: types.TenancyDefault, Tags: tags,
			CidrBlockAssociationSet: []types.VpcCidrBlockAssociation{{
				AssociationId: aws.String(p.account.NewID("vpc-cidr-assoc")), CidrBlock: &cidr,
				CidrBlockState: &types.VpcCidrBlockState{State: types.VpcCidrBlockStateCodeAssociated},
			}},
		},
		DNSSupport: true, DNSHostnames: isDefault,
	}
	p.s.VPCs.Put(p.account, rq.Now, id, v)
	p.tables.newTable(rq, id, nil, true)
	p.groups.newGroup(rq, id, "default", "default VPC security group", nil)
	return v
}

func (p *vpcs) describeVpcs(rq *world.Request, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
	page, next, err := describe(rq, &p.s.VPCs, view{
		in.VpcIds, in.Filters, "InvalidVpcID.NotFound", "vpc", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeVpcsOutput{
		Vpcs: unpack(page, func(v *vpc) types.Vpc { return v.Vpc }), NextToken: next,
	}, err
}

func (p *vpcs) deleteVpc(rq *world.Request, in *ec2.DeleteVpcInput) (*ec2.DeleteVpcOutput, error) {
	id := aws.ToString(in.VpcId)
	if _, err := p.s.findVPC(rq, id); err != nil {
		return nil, err
	}
	if p.occupied(id) {
		return nil, inUse("The vpc '%s' has dependencies and cannot be deleted.", id)
	}
	for _, t := range p.s.RouteTables.All() {
		if aws.ToString(t.VpcId) == id {
			p.s.RouteTables.Remove(rq.Now, aws.ToString(t.RouteTableId))
		}
	}
	for _, g := range p.s.Groups.All() {
		if aws.ToString(g.VpcId) == id {
			p.s.Groups.Remove(rq.Now, aws.ToString(g.GroupId))
		}
	}
	p.s.VPCs.Remove(rq.Now, id)
	return &ec2.DeleteVpcOutput{}, nil
}

// occupied reports whether a VPC holds anything but its main route table and its
// default security group.
func (p *vpcs) occupied(id string) bool {
	in := func(v *string) bool { return aws.ToString(v) == id }
	return some(&p.s.Subnets, func(s *subnet) bool { return in(s.VpcId) }) ||
		some(&p.s.Gateways, func(g *internetGateway) bool { return g.attachedTo() == id }) ||
		some(&p.s.Interfaces, func(n *networkInterface) bool { return in(n.VpcId) }) ||
		some(&p.s.NATs, func(n *natGateway) bool { return in(n.VpcId) && n.exists() }) ||
		some(&p.s.Endpoints, func(e *vpcEndpoint) bool { return in(e.VpcId) }) ||
		some(&p.s.RouteTables, func(t *routeTable) bool { return in(t.VpcId) && !t.main() }) ||
		some(&p.s.Groups, func(g *securityGroup) bool { return in(g.VpcId) && !g.standard() })
}

// some reports whether f is true for any existing object.
func some[T any](t *world.Table[T], f func(*T) bool) bool {
	for _, r := range t.Rows {
		if r.Deleted.IsZero() && f(r.Value) {
			return true
		}
	}
	return false
}

func (s *state) findVPC(rq *world.Request, id string) (*vpc, error) {
	if v := s.VPCs.Find(rq, id); v != nil {
		return v, nil
	}
	return nil, missing("InvalidVpcID.NotFound", "vpc", id)
}

func (p *vpcs) modifyVpcAttribute(rq *world.Request, in *ec2.ModifyVpcAttributeInput) (*ec2.ModifyVpcAttributeOutput, error) {
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	if in.EnableDnsHostnames != nil && in.EnableDnsSupport != nil {
		return nil, world.APIError(400, "InvalidParameterCombination", "Fields for multiple attribute types specified")
	}
	if b := in.EnableDnsSupport; b != nil {
		v.DNSSupport = aws.ToBool(b.Value)
	}
	if b := in.EnableDnsHostnames; b != nil {
		if aws.ToBool(b.Value) && !v.DNSSupport {
			return nil, badValue("enableDnsHostnames needs enableDnsSupport")
		}
		v.DNSHostnames = aws.ToBool(b.Value)
	}
	return &ec2.ModifyVpcAttributeOutput{}, nil
}

func (p *vpcs) describeVpcAttribute(rq *world.Request, in *ec2.DescribeVpcAttributeInput) (*ec2.DescribeVpcAttributeOutput, error) {
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeVpcAttributeOutput{VpcId: v.VpcId}
	switch in.Attribute {
	case types.VpcAttributeNameEnableDnsSupport:
		out.EnableDnsSupport = &types.AttributeBooleanValue{Value: &v.DNSSupport}
	case types.VpcAttributeNameEnableDnsHostnames:
		out.EnableDnsHostnames = &types.AttributeBooleanValue{Value: &v.DNSHostnames}
	default:
		return nil, badValue("Value (%s) for parameter attribute is invalid.", in.Attribute)
	}
	return out, nil
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
