package network

import (
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Begin makes the objects that every region has: the default DHCP options and
// the default VPC with an internet gateway and a public subnet per zone.
func (p *EC2) Begin(rq *world.Request) {
	o := &dhcpOptions{types.DhcpOptions{
		DhcpOptionsId: aws.String(p.account.NewID("dopt")), OwnerId: aws.String(p.account.Number()),
		DhcpConfigurations: []types.DhcpConfiguration{
			{Key: aws.String("domain-name"), Values: []types.AttributeValue{{Value: aws.String(p.account.Region() + ".compute.internal")}}},
			{Key: aws.String("domain-name-servers"), Values: []types.AttributeValue{{Value: aws.String("AmazonProvidedDNS")}}},
		},
	}}
	p.s.DHCP.Put(p.account, rq.Now, *o.DhcpOptionsId, o)
	p.s.DefaultDHCP = *o.DhcpOptionsId

	v := p.vpcs.newVPC(rq, "172.31.0.0/16", nil, true)
	p.s.DefaultVPCID = *v.VpcId
	id := p.account.NewID("igw")
	p.s.Gateways.Put(p.account, rq.Now, id, &internetGateway{InternetGateway: types.InternetGateway{
		InternetGatewayId: &id, OwnerId: aws.String(p.account.Number()),
		Attachments: []types.InternetGatewayAttachment{{VpcId: v.VpcId, State: types.AttachmentStatus("available")}},
	}})
	for i, zone := range p.account.Zones() {
		block := netip.MustParsePrefix(fmt.Sprintf("172.31.%d.0/20", 16*i))
		s := p.subnets.newSubnet(rq, v, block, zone, nil)
		s.MapPublicIpOnLaunch, s.DefaultForAz = aws.Bool(true), aws.Bool(true)
		t := p.s.tableOf(s)
		if i == 0 {
			t.Routes = append(t.Routes, types.Route{
				DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &id,
				Origin: types.RouteOriginCreateRoute, State: types.RouteStateActive,
			})
		}
	}
}

// inDefaultVPC reports whether an object is one that every region has.
func (p *EC2) inDefaultVPC(vpcID *string) bool {
	return aws.ToString(vpcID) == p.s.DefaultVPCID
}
