package network

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type internetGateway struct {
	types.InternetGateway
	// Attached is since when it has its VPC.
	Attached time.Time
}

func (g *internetGateway) tags() *[]types.Tag { return &g.Tags }

// attachedTo is the VPC's id; empty when there is none.
func (g *internetGateway) attachedTo() string {
	if len(g.Attachments) == 0 {
		return ""
	}
	return aws.ToString(g.Attachments[0].VpcId)
}

func (g *internetGateway) field(filter string) ([]string, bool) {
	switch filter {
	case "internet-gateway-id":
		return one(g.InternetGatewayId)
	case "attachment.vpc-id":
		return one(world.Optional(g.attachedTo()))
	case "attachment.state":
		if g.attachedTo() == "" {
			return nil, true
		}
		return []string{"available"}, true
	case "owner-id":
		return one(g.OwnerId)
	}
	return nil, false
}

// gateways are the ways out of a VPC: internet gateways, NAT gateways with their
// addresses, and endpoints.
type gateways struct {
	account    *world.Account
	s          *state
	interfaces *Interfaces
}

func (p *gateways) gatewayRoutes(r *world.Router) {
	world.On(r, p.createInternetGateway)
	world.On(r, p.describeInternetGateways)
	world.On(r, p.attachInternetGateway)
	world.On(r, p.detachInternetGateway)
	world.On(r, p.deleteInternetGateway)
}

func (p *gateways) createInternetGateway(rq *world.Request, in *ec2.CreateInternetGatewayInput) (*ec2.CreateInternetGatewayOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeInternetGateway)
	if err != nil {
		return nil, err
	}
	if len(p.s.Gateways.All()) >= p.account.Quota("internet gateways", 5) {
		return nil, world.APIError(400, "InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
	}
	id := p.account.NewID("igw")
	g := &internetGateway{InternetGateway: types.InternetGateway{
		InternetGatewayId: &id, OwnerId: aws.String(p.account.Number()), Tags: tags,
	}}
	p.s.Gateways.Put(p.account, rq.Now, id, g)
	return &ec2.CreateInternetGatewayOutput{InternetGateway: &g.InternetGateway}, nil
}

func (p *gateways) describeInternetGateways(rq *world.Request, in *ec2.DescribeInternetGatewaysInput) (*ec2.DescribeInternetGatewaysOutput, error) {
	page, next, err := describe(rq, &p.s.Gateways, view{
		in.InternetGatewayIds, in.Filters, "InvalidInternetGatewayID.NotFound", "internetGateway", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeInternetGatewaysOutput{
		InternetGateways: unpack(page, func(g *internetGateway) types.InternetGateway { return g.InternetGateway }),
		NextToken:        next,
	}, err
}

func (p *gateways) attachInternetGateway(rq *world.Request, in *ec2.AttachInternetGatewayInput) (*ec2.AttachInternetGatewayOutput, error) {
	g, v, err := p.gatewayAndVPC(rq, in.InternetGatewayId, in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.attachedTo() != "" {
		return nil, world.APIError(400, "Resource.AlreadyAssociated", "resource %s is already attached to network %s",
			*g.InternetGatewayId, g.attachedTo())
	}
	if p.s.gatewayOf(*v.VpcId) != nil {
		return nil, badValue("Network %s already has an internet gateway attached", *v.VpcId)
	}
	g.Attachments = []types.InternetGatewayAttachment{{VpcId: v.VpcId, State: types.AttachmentStatus("available")}}
	g.Attached = rq.Now
	return &ec2.AttachInternetGatewayOutput{}, nil
}

func (p *gateways) detachInternetGateway(rq *world.Request, in *ec2.DetachInternetGatewayInput) (*ec2.DetachInternetGatewayOutput, error) {
	g, v, err := p.gatewayAndVPC(rq, in.InternetGatewayId, in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.attachedTo() != *v.VpcId {
		return nil, world.APIError(400, "Gateway.NotAttached", "resource %s is not attached to network %s",
			*g.InternetGatewayId, *v.VpcId)
	}
	if p.s.hasPublicAddress(*v.VpcId, rq.Now) {
		return nil, inUse("Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", *v.VpcId)
	}
	g.Attachments = nil
	return &ec2.DetachInternetGatewayOutput{}, nil
}

func (p *gateways) deleteInternetGateway(rq *world.Request, in *ec2.DeleteInternetGatewayInput) (*ec2.DeleteInternetGatewayOutput, error) {
	id := aws.ToString(in.InternetGatewayId)
	g := p.s.Gateways.Find(rq, id)
	if g == nil {
		return nil, missing("InvalidInternetGatewayID.NotFound", "internetGateway", id)
	}
	if g.attachedTo() != "" {
		return nil, inUse("The internetGateway '%s' has dependencies and cannot be deleted.", id)
	}
	p.s.Gateways.Remove(rq.Now, id)
	return &ec2.DeleteInternetGatewayOutput{}, nil
}

func (p *gateways) gatewayAndVPC(rq *world.Request, gateway, network *string) (*internetGateway, *vpc, error) {
	g := p.s.Gateways.Find(rq, aws.ToString(gateway))
	if g == nil {
		return nil, nil, missing("InvalidInternetGatewayID.NotFound", "internetGateway", aws.ToString(gateway))
	}
	v, err := p.s.findVPC(rq, aws.ToString(network))
	return g, v, err
}

// gatewayOf is the internet gateway that is attached to a VPC, or nil.
func (s *state) gatewayOf(vpcID string) *internetGateway {
	for _, g := range s.Gateways.All() {
		if g.attachedTo() == vpcID {
			return g
		}
	}
	return nil
}

// hasPublicAddress reports whether public addresses are mapped into a VPC, or
// AWS still counts them as mapped.
func (s *state) hasPublicAddress(vpcID string, now time.Time) bool {
	return some(&s.Interfaces, func(n *networkInterface) bool {
		return aws.ToString(n.VpcId) == vpcID && n.Association != nil
	}) || now.Before(s.MappedUntil[vpcID])
}
