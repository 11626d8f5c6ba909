package moto

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Ids that are well formed and belong to nobody.
const (
	noVPC      = "vpc-0123456789abcdef0"
	noSubnet   = "subnet-0123456789abcdef0"
	noGateway  = "igw-0123456789abcdef0"
	noTable    = "rtb-0123456789abcdef0"
	noGroup    = "sg-0123456789abcdef0"
	noAddress  = "eipalloc-0123456789abcdef0"
	noNAT      = "nat-0123456789abcdef0"
	noOptions  = "dopt-0123456789abcdef0"
	noEndpoint = "vpce-0123456789abcdef0"
	noLink     = "rtbassoc-0123456789abcdef0"
)

// network is what the later scripts need from the EC2 part.
type network struct {
	vpc, igw, table, link, group, other, spare *string

	subnets []string
}

func tags(kind types.ResourceType) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}}}}
}

func where(name, value string) []types.Filter {
	return []types.Filter{{Name: &name, Values: []string{value}}}
}

// all plays everything; later parts use what earlier ones made, and the
// deletions come last, in reverse order.
func (s *script) all() {
	s.account()
	n := s.vpc()
	s.subnet(n)
	s.gateway(n)
	s.routes(n)
	s.groups(n)
	s.nat(n)
	s.endpoint(n)
	s.options(n)
	s.tagged(n)
	s.files(n)
	s.databases(n)
	s.bucket()
	s.hostNames()
	s.logGroup()
	s.parameter()
	s.schedules()
	s.events()
	s.instanceProfiles()
	s.launchTemplates()
	s.figures()
	s.storedSecret()
	roles := s.role()
	space := s.namespace(n)
	s.images()
	s.builds()
	b := s.balancer(n)
	s.networkBalancer(n)
	s.cluster(n, roles, space, b)
	s.balancerEnds(b)
	s.namespaceEnds(space)
	s.namespaceInUse(n)
	s.roleEnds(roles)
	s.networkEnds(n)
}

func (s *script) account() {
	try(s, success, s.c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{}, func(o *sts.GetCallerIdentityOutput) []any {
		return []any{o.Account}
	})
	try(s, success, s.c.EC2.DescribeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{}, func(o *ec2.DescribeAvailabilityZonesOutput) []any {
		var out []any
		for _, z := range o.AvailabilityZones {
			out = append(out, z.ZoneName, z.State)
		}
		return out
	})
}

func (s *script) vpc() *network {
	c := s.c.EC2
	n := &network{}
	show := func(o *ec2.CreateVpcOutput) []any {
		if o.Vpc == nil {
			return nil
		}
		return []any{o.Vpc.CidrBlock, o.Vpc.IsDefault, len(o.Vpc.Tags), o.Vpc.InstanceTenancy}
	}
	in := &ec2.CreateVpcInput{CidrBlock: p("10.0.0.0/16"), TagSpecifications: tags(types.ResourceTypeVpc)}
	out := try(s, success, c.CreateVpc, in, show)
	if out.Vpc != nil {
		n.vpc = out.Vpc.VpcId
	}
	n.vpc = s.name("vpc", n.vpc)
	twin := try(s, duplicate, c.CreateVpc, in, show)
	try(s, dependency, c.CreateVpc, &ec2.CreateVpcInput{CidrBlock: p("10.0.0.0/8")}, show)
	if twin.Vpc != nil {
		try(s, aside, c.DeleteVpc, &ec2.DeleteVpcInput{VpcId: twin.Vpc.VpcId}, nil)
	}
	try(s, notFound, c.DeleteVpc, &ec2.DeleteVpcInput{VpcId: p(noVPC)}, nil)
	list := func(o *ec2.DescribeVpcsOutput) []any { return []any{len(o.Vpcs)} }
	try(s, success, c.DescribeVpcs, &ec2.DescribeVpcsInput{Filters: where("tag:berth:owner", "env/a")}, list)
	try(s, notFound, c.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{noVPC}}, list)
	host := &types.AttributeBooleanValue{Value: p(true)}
	try(s, success, c.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: n.vpc, EnableDnsHostnames: host}, nil)
	try(s, duplicate, c.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: n.vpc, EnableDnsHostnames: host}, nil)
	try(s, notFound, c.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: p(noVPC), EnableDnsHostnames: host}, nil)
	attr := func(o *ec2.DescribeVpcAttributeOutput) []any { return []any{o.EnableDnsHostnames.Value} }
	try(s, success, c.DescribeVpcAttribute, &ec2.DescribeVpcAttributeInput{VpcId: n.vpc, Attribute: types.VpcAttributeNameEnableDnsHostnames}, attr)
	try(s, notFound, c.DescribeVpcAttribute, &ec2.DescribeVpcAttributeInput{VpcId: p(noVPC), Attribute: types.VpcAttributeNameEnableDnsHostnames}, attr)
	return n
}

func (s *script) subnet(n *network) {
	c := s.c.EC2
	show := func(o *ec2.CreateSubnetOutput) []any {
		return []any{o.Subnet.CidrBlock, o.Subnet.AvailabilityZone, o.Subnet.MapPublicIpOnLaunch, len(o.Subnet.Tags)}
	}
	zones := []string{"eu-central-1a", "eu-central-1b", "eu-central-1a"}
	for i, zone := range zones {
		in := &ec2.CreateSubnetInput{
			VpcId: n.vpc, CidrBlock: p("10.0." + string(rune('0'+i)) + ".0/24"), AvailabilityZone: &zone,
			TagSpecifications: tags(types.ResourceTypeSubnet),
		}
		var id *string
		if out := try(s, success, c.CreateSubnet, in, show); out.Subnet != nil {
			id = out.Subnet.SubnetId
		}
		id = s.name(fmt.Sprint("subnet-", i), id)
		try(s, duplicate, c.CreateSubnet, in, show)
		if i == 2 {
			n.spare = id // moto deletes a subnet in use
			break
		}
		n.subnets = append(n.subnets, *id)
	}
	try(s, dependency, c.CreateSubnet, &ec2.CreateSubnetInput{VpcId: p(noVPC), CidrBlock: p("10.0.9.0/24")}, show)
	try(s, "outside the VPC", c.CreateSubnet, &ec2.CreateSubnetInput{VpcId: n.vpc, CidrBlock: p("10.9.0.0/24")}, show)
	list := func(o *ec2.DescribeSubnetsOutput) []any { return []any{len(o.Subnets)} }
	try(s, success, c.DescribeSubnets, &ec2.DescribeSubnetsInput{Filters: where("vpc-id", *n.vpc)}, list)
	try(s, notFound, c.DescribeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: []string{noSubnet}}, list)
	try(s, notFound, c.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: p(noSubnet)}, nil)
	try(s, dependency, c.DeleteVpc, &ec2.DeleteVpcInput{VpcId: n.vpc}, nil)
}

func (s *script) gateway(n *network) {
	c := s.c.EC2
	in := &ec2.CreateInternetGatewayInput{TagSpecifications: tags(types.ResourceTypeInternetGateway)}
	show := func(o *ec2.CreateInternetGatewayOutput) []any {
		return []any{len(o.InternetGateway.Attachments), len(o.InternetGateway.Tags)}
	}
	out := try(s, success, c.CreateInternetGateway, in, show)
	if out.InternetGateway != nil {
		n.igw = out.InternetGateway.InternetGatewayId
	}
	n.igw = s.name("igw", n.igw)
	twin := try(s, duplicate, c.CreateInternetGateway, in, show)
	attach := &ec2.AttachInternetGatewayInput{InternetGatewayId: n.igw, VpcId: n.vpc}
	try(s, success, c.AttachInternetGateway, attach, nil)
	try(s, duplicate, c.AttachInternetGateway, attach, nil)
	try(s, notFound, c.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: p(noGateway), VpcId: n.vpc}, nil)
	if twin.InternetGateway != nil {
		second := twin.InternetGateway.InternetGatewayId
		try(s, dependency, c.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: second, VpcId: n.vpc}, nil)
		try(s, "not attached", c.DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: second, VpcId: n.vpc}, nil)
		try(s, "another", c.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: second}, nil)
	}
	list := func(o *ec2.DescribeInternetGatewaysOutput) []any {
		var out []any
		for _, g := range o.InternetGateways {
			out = append(out, g.InternetGatewayId, len(g.Attachments))
			for _, a := range g.Attachments {
				out = append(out, a.VpcId, a.State)
			}
		}
		return out
	}
	try(s, success, c.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{Filters: where("tag:berth:owner", "env/a")}, list)
	try(s, notFound, c.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{noGateway}}, list)
	try(s, dependency, c.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: n.igw}, nil)
	try(s, notFound, c.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: p(noGateway)}, nil)
	try(s, notFound, c.DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: p(noGateway), VpcId: n.vpc}, nil)
}

func (s *script) groups(n *network) {
	c := s.c.EC2
	show := func(o *ec2.CreateSecurityGroupOutput) []any { return []any{len(o.Tags)} }
	in := &ec2.CreateSecurityGroupInput{
		GroupName: p("web"), Description: p("web"), VpcId: n.vpc, TagSpecifications: tags(types.ResourceTypeSecurityGroup),
	}
	n.group = s.name("web", try(s, success, c.CreateSecurityGroup, in, show).GroupId)
	try(s, duplicate, c.CreateSecurityGroup, in, show)
	try(s, dependency, c.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: p("x"), Description: p("x"), VpcId: p(noVPC)}, show)
	n.other = s.name("redis", try(s, success, c.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: p("redis"), Description: p("redis"), VpcId: n.vpc}, nil).GroupId)
	rule := []types.IpPermission{{
		IpProtocol: p("tcp"), FromPort: p(int32(6379)), ToPort: p(int32(6379)), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: n.group}},
	}}
	allow := &ec2.AuthorizeSecurityGroupIngressInput{GroupId: n.other, IpPermissions: rule}
	ingress := func(o *ec2.AuthorizeSecurityGroupIngressOutput) []any {
		return []any{o.Return, len(o.SecurityGroupRules)}
	}
	try(s, success, c.AuthorizeSecurityGroupIngress, allow, ingress)
	try(s, duplicate, c.AuthorizeSecurityGroupIngress, allow, ingress)
	try(s, notFound, c.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: p(noGroup), IpPermissions: rule}, ingress)
	list := func(o *ec2.DescribeSecurityGroupsOutput) []any {
		var out []any
		for _, g := range o.SecurityGroups {
			for _, r := range g.IpPermissions {
				out = append(out, g.GroupName, r.IpProtocol, r.FromPort, r.ToPort, len(r.UserIdGroupPairs), len(r.IpRanges))
			}
			out = append(out, len(g.IpPermissionsEgress))
		}
		return out
	}
	try(s, success, c.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*n.other}}, list)
	try(s, notFound, c.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{noGroup}}, list)
	try(s, notFound, c.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: p(noGroup)}, nil)
	revoke := &ec2.RevokeSecurityGroupIngressInput{GroupId: n.other, IpPermissions: rule}
	try(s, success, c.RevokeSecurityGroupIngress, revoke, nil)
	try(s, duplicate, c.RevokeSecurityGroupIngress, revoke, nil)
	try(s, notFound, c.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: p(noGroup), IpPermissions: rule}, nil)
	faces := func(o *ec2.DescribeNetworkInterfacesOutput) []any { return []any{len(o.NetworkInterfaces)} }
	try(s, success, c.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{Filters: where("group-id", *n.group)}, faces)
	try(s, notFound, c.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{NetworkInterfaceIds: []string{"eni-0123456789abcdef0"}}, faces)
}

func (s *script) tagged(n *network) {
	c := s.c.EC2
	mark := []types.Tag{{Key: p("berth:asked"), Value: p("v1")}}
	try(s, success, c.CreateTags, &ec2.CreateTagsInput{Resources: []string{*n.vpc}, Tags: mark}, nil)
	try(s, duplicate, c.CreateTags, &ec2.CreateTagsInput{Resources: []string{*n.vpc}, Tags: mark}, nil)
	try(s, dependency, c.CreateTags, &ec2.CreateTagsInput{Resources: []string{noVPC}, Tags: mark}, nil)
	try(s, success, c.DeleteTags, &ec2.DeleteTagsInput{Resources: []string{*n.vpc}, Tags: mark}, nil)
	count := func(o *resourcegroupstaggingapi.GetResourcesOutput) []any {
		return []any{len(o.ResourceTagMappingList) > 0}
	}
	owned := func(owner string) *resourcegroupstaggingapi.GetResourcesInput {
		return &resourcegroupstaggingapi.GetResourcesInput{TagFilters: []tagging.TagFilter{{Key: p("berth:owner"), Values: []string{owner}}}}
	}
	try(s, success, s.c.Tagging.GetResources, owned("env/a"), count)
	try(s, notFound, s.c.Tagging.GetResources, owned("env/nobody"), count)
}

func (s *script) networkEnds(n *network) {
	c := s.c.EC2
	s.routesEnd(n)
	use := []types.IpPermission{{
		IpProtocol: p("tcp"), FromPort: p(int32(80)), ToPort: p(int32(80)), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: n.group}},
	}}
	try(s, aside, c.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: n.other, IpPermissions: use}, nil)
	try(s, dependency, c.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: n.group}, nil)
	try(s, success, c.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: n.other}, nil)
	try(s, aside, c.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: n.group}, nil)
	detach := &ec2.DetachInternetGatewayInput{InternetGatewayId: n.igw, VpcId: n.vpc}
	try(s, success, c.DetachInternetGateway, detach, nil)
	try(s, duplicate, c.DetachInternetGateway, detach, nil)
	try(s, success, c.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: n.igw}, nil)
	try(s, aside, c.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: n.spare}, nil)
	for _, id := range n.subnets {
		try(s, success, c.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &id}, nil)
	}
	try(s, success, c.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: n.table}, nil)
	try(s, success, c.DeleteVpc, &ec2.DeleteVpcInput{VpcId: n.vpc}, nil)
}
