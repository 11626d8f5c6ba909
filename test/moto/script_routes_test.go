package moto

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const everywhere = "0.0.0.0/0"

func (s *script) routes(n *network) {
	c := s.c.EC2
	show := func(o *ec2.CreateRouteTableOutput) []any {
		return []any{len(o.RouteTable.Routes), len(o.RouteTable.Associations), len(o.RouteTable.Tags)}
	}
	in := &ec2.CreateRouteTableInput{VpcId: n.vpc, TagSpecifications: tags(types.ResourceTypeRouteTable), ClientToken: p("token-1")}
	if out := try(s, success, c.CreateRouteTable, in, show); out.RouteTable != nil {
		n.table = out.RouteTable.RouteTableId
	}
	n.table = s.name("table", n.table)
	try(s, dependency, c.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: p(noVPC)}, show)
	twin := try(s, duplicate, c.CreateRouteTable, in, func(o *ec2.CreateRouteTableOutput) []any {
		return []any{"same", *o.RouteTable.RouteTableId == *n.table}
	})
	if t := twin.RouteTable; t != nil && *t.RouteTableId != *n.table {
		try(s, aside, c.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: t.RouteTableId}, nil)
	}
	route := &ec2.CreateRouteInput{RouteTableId: n.table, DestinationCidrBlock: p(everywhere), GatewayId: n.igw}
	try(s, success, c.CreateRoute, route, func(o *ec2.CreateRouteOutput) []any { return []any{o.Return} })
	try(s, duplicate, c.CreateRoute, route, nil)
	try(s, dependency, c.CreateRoute, &ec2.CreateRouteInput{RouteTableId: n.table, DestinationCidrBlock: p("10.9.0.0/16"), GatewayId: p(noGateway)}, nil)
	try(s, notFound, c.CreateRoute, &ec2.CreateRouteInput{RouteTableId: p(noTable), DestinationCidrBlock: p(everywhere), GatewayId: n.igw}, nil)
	try(s, success, c.ReplaceRoute, &ec2.ReplaceRouteInput{RouteTableId: n.table, DestinationCidrBlock: p(everywhere), GatewayId: n.igw}, nil)
	try(s, notFound, c.ReplaceRoute, &ec2.ReplaceRouteInput{RouteTableId: n.table, DestinationCidrBlock: p("10.9.0.0/16"), GatewayId: n.igw}, nil)

	link := func(o *ec2.AssociateRouteTableOutput) []any { return []any{o.AssociationState.State} }
	a := &ec2.AssociateRouteTableInput{RouteTableId: n.table, SubnetId: &n.subnets[0]}
	n.link = s.name("association", try(s, success, c.AssociateRouteTable, a, link).AssociationId)
	try(s, duplicate, c.AssociateRouteTable, a, link)
	try(s, notFound, c.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: p(noTable), SubnetId: &n.subnets[0]}, link)
	try(s, aside, c.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: n.table, SubnetId: &n.subnets[1]}, nil)
	try(s, "no subnet", c.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: n.table, SubnetId: p(noSubnet)}, link)
	list := func(o *ec2.DescribeRouteTablesOutput) []any {
		var out []any
		for _, t := range o.RouteTables {
			out = append(out, t.RouteTableId, len(t.Tags))
			for _, r := range t.Routes {
				out = append(out, r.DestinationCidrBlock, r.GatewayId, r.State, r.Origin)
			}
			for _, a := range t.Associations {
				out = append(out, a.SubnetId, a.Main)
			}
		}
		return out
	}
	try(s, success, c.DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: where("tag:berth:owner", "env/a")}, list)
	try(s, notFound, c.DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{noTable}}, list)
}

// routesEnd comes last: until then tasks need their route to the internet.
func (s *script) routesEnd(n *network) {
	c := s.c.EC2
	try(s, dependency, c.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: n.table}, nil)
	try(s, notFound, c.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: p(noTable)}, nil)
	try(s, notFound, c.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: p(noLink)}, nil)
	s.unlinkOthers(n)
	try(s, success, c.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: n.link}, nil)
	try(s, duplicate, c.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: n.link}, nil)
	gone := &ec2.DeleteRouteInput{RouteTableId: n.table, DestinationCidrBlock: p(everywhere)}
	try(s, notFound, c.DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: n.table, DestinationCidrBlock: p("10.9.0.0/16")}, nil)
	try(s, "no table", c.DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: p(noTable), DestinationCidrBlock: p(everywhere)}, nil)
	try(s, success, c.DeleteRoute, gone, nil)
	try(s, duplicate, c.DeleteRoute, gone, nil)
}

// unlinkOthers undoes the associations that the script does not compare.
func (s *script) unlinkOthers(n *network) {
	out, err := s.c.EC2.DescribeRouteTables(s.ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*n.table}})
	if err != nil {
		return
	}
	for _, a := range first(out.RouteTables).Associations {
		if *a.RouteTableAssociationId != *n.link {
			try(s, aside, s.c.EC2.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: a.RouteTableAssociationId}, nil)
		}
	}
}

func (s *script) nat(n *network) {
	c := s.c.EC2
	address := &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc, TagSpecifications: tags(types.ResourceTypeElasticIp)}
	show := func(o *ec2.AllocateAddressOutput) []any { return []any{o.Domain, o.PublicIp != nil} }
	id := s.name("address", try(s, success, c.AllocateAddress, address, show).AllocationId)
	second := try(s, duplicate, c.AllocateAddress, address, show).AllocationId
	try(s, success, c.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: second}, nil)
	try(s, notFound, c.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: p(noAddress)}, nil)

	gateway := func(o *ec2.CreateNatGatewayOutput) []any {
		return []any{o.NatGateway.SubnetId, o.NatGateway.VpcId, len(o.NatGateway.NatGatewayAddresses), len(o.NatGateway.Tags)}
	}
	in := &ec2.CreateNatGatewayInput{SubnetId: n.spare, AllocationId: id, ClientToken: p("token-2"), TagSpecifications: tags(types.ResourceTypeNatgateway)}
	nat := s.name("nat", nil)
	if out := try(s, success, c.CreateNatGateway, in, gateway); out.NatGateway != nil {
		nat = s.name("nat", out.NatGateway.NatGatewayId)
	}
	try(s, duplicate, c.CreateNatGateway, in, func(o *ec2.CreateNatGatewayOutput) []any {
		return []any{"same", *o.NatGateway.NatGatewayId == *nat}
	})
	try(s, dependency, c.CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: p(noSubnet), AllocationId: id}, gateway)
	list := func(o *ec2.DescribeNatGatewaysOutput) []any {
		if len(o.NatGateways) == 0 {
			return []any{"none"}
		}
		return []any{o.NatGateways[0].State}
	}
	try(s, success, c.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*nat}}, list)
	try(s, notFound, c.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{noNAT}}, list)
	where := func(o *ec2.DescribeAddressesOutput) []any {
		return []any{len(o.Addresses), first(o.Addresses).AssociationId != nil}
	}
	try(s, success, c.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{*id}}, where)
	try(s, notFound, c.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{noAddress}}, where)
	try(s, dependency, c.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: id}, nil)
	try(s, dependency, c.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: n.spare}, nil)
	try(s, notFound, c.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: p(noNAT)}, nil)
	try(s, success, c.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: nat}, nil)
	try(s, "deleted", c.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{*nat}}, list)
	try(s, aside, c.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: id}, nil)
}

func (s *script) endpoint(n *network) {
	c := s.c.EC2
	show := func(o *ec2.CreateVpcEndpointOutput) []any {
		return []any{o.VpcEndpoint.VpcEndpointType, o.VpcEndpoint.ServiceName, len(o.VpcEndpoint.RouteTableIds), len(o.VpcEndpoint.Tags)}
	}
	in := &ec2.CreateVpcEndpointInput{
		VpcId: n.vpc, ServiceName: p("com.amazonaws.eu-central-1.s3"), VpcEndpointType: types.VpcEndpointTypeGateway,
		RouteTableIds: []string{*n.table}, ClientToken: p("token-3"), TagSpecifications: tags(types.ResourceTypeVpcEndpoint),
	}
	id := s.name("endpoint", nil)
	if out := try(s, success, c.CreateVpcEndpoint, in, show); out.VpcEndpoint != nil {
		id = s.name("endpoint", out.VpcEndpoint.VpcEndpointId)
	}
	twin := try(s, duplicate, c.CreateVpcEndpoint, in, func(o *ec2.CreateVpcEndpointOutput) []any {
		return []any{"same", *o.VpcEndpoint.VpcEndpointId == *id}
	})
	other := *in
	other.VpcId, other.ClientToken = p(noVPC), p("token-4")
	try(s, dependency, c.CreateVpcEndpoint, &other, show)
	list := func(o *ec2.DescribeVpcEndpointsOutput) []any {
		return []any{len(o.VpcEndpoints), first(o.VpcEndpoints).State, len(first(o.VpcEndpoints).RouteTableIds)}
	}
	try(s, success, c.DescribeVpcEndpoints, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{*id}}, list)
	try(s, notFound, c.DescribeVpcEndpoints, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{noEndpoint}}, list)
	unsuccessful := func(o *ec2.DeleteVpcEndpointsOutput) []any {
		if len(o.Unsuccessful) == 0 {
			return nil
		}
		return []any{o.Unsuccessful[0].Error.Code}
	}
	try(s, notFound, c.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{noEndpoint}}, unsuccessful)
	try(s, success, c.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*id}}, unsuccessful)
	if e := twin.VpcEndpoint; e != nil && *e.VpcEndpointId != *id {
		try(s, aside, c.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*e.VpcEndpointId}}, nil)
	}
}

func (s *script) options(n *network) {
	c := s.c.EC2
	in := &ec2.CreateDhcpOptionsInput{
		DhcpConfigurations: []types.NewDhcpConfiguration{
			{Key: p("domain-name"), Values: []string{"shop.dev.internal"}},
			{Key: p("domain-name-servers"), Values: []string{"AmazonProvidedDNS"}},
		},
		TagSpecifications: tags(types.ResourceTypeDhcpOptions),
	}
	show := func(o *ec2.CreateDhcpOptionsOutput) []any {
		return []any{len(o.DhcpOptions.DhcpConfigurations), len(o.DhcpOptions.Tags)}
	}
	id := s.name("options", nil)
	if out := try(s, success, c.CreateDhcpOptions, in, show); out.DhcpOptions != nil {
		id = s.name("options", out.DhcpOptions.DhcpOptionsId)
	}
	if twin := try(s, duplicate, c.CreateDhcpOptions, in, show); twin.DhcpOptions != nil {
		try(s, success, c.DeleteDhcpOptions, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: twin.DhcpOptions.DhcpOptionsId}, nil)
	}
	use := &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: id, VpcId: n.vpc}
	try(s, success, c.AssociateDhcpOptions, use, nil)
	try(s, duplicate, c.AssociateDhcpOptions, use, nil)
	try(s, notFound, c.AssociateDhcpOptions, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: p(noOptions), VpcId: n.vpc}, nil)
	list := func(o *ec2.DescribeDhcpOptionsOutput) []any {
		var out []string
		for _, d := range first(o.DhcpOptions).DhcpConfigurations {
			for _, v := range d.Values {
				out = append(out, *d.Key+"="+*v.Value)
			}
		}
		slices.Sort(out)
		return []any{out}
	}
	try(s, success, c.DescribeDhcpOptions, &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{*id}}, list)
	try(s, notFound, c.DescribeDhcpOptions, &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{noOptions}}, list)
	try(s, dependency, c.DeleteDhcpOptions, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id}, nil)
	try(s, notFound, c.DeleteDhcpOptions, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: p(noOptions)}, nil)
	try(s, "back to the default", c.AssociateDhcpOptions, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: p("default"), VpcId: n.vpc}, nil)
	try(s, "unused", c.DeleteDhcpOptions, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id}, nil)
}
