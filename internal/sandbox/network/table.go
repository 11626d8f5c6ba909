package network

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type routeTable struct{ types.RouteTable }

func (t *routeTable) tags() *[]types.Tag { return &t.Tags }

// main reports whether subnets without their own table use this one.
func (t *routeTable) main() bool {
	return slices.ContainsFunc(t.Associations, func(a types.RouteTableAssociation) bool {
		return aws.ToBool(a.Main)
	})
}

func (t *routeTable) field(filter string) ([]string, bool) {
	var ids, subnets, mains, gateways, nats, blocks []string
	for _, a := range t.Associations {
		ids = append(ids, aws.ToString(a.RouteTableAssociationId))
		subnets = append(subnets, aws.ToString(a.SubnetId))
		mains = append(mains, boolText(aws.ToBool(a.Main)))
	}
	for _, r := range t.Routes {
		gateways = append(gateways, aws.ToString(r.GatewayId))
		nats = append(nats, aws.ToString(r.NatGatewayId))
		blocks = append(blocks, aws.ToString(r.DestinationCidrBlock))
	}
	known := map[string][]string{
		"association.route-table-association-id": ids,
		"association.subnet-id":                  subnets,
		"association.main":                       mains,
		"route.gateway-id":                       gateways,
		"route.nat-gateway-id":                   nats,
		"route.destination-cidr-block":           blocks,
		"route-table-id":                         {aws.ToString(t.RouteTableId)},
		"association.route-table-id":             {aws.ToString(t.RouteTableId)},
		"vpc-id":                                 {aws.ToString(t.VpcId)},
		"owner-id":                               {aws.ToString(t.OwnerId)},
	}
	v, ok := known[filter]
	return v, ok
}

// tables are the route tables, with their routes and associations.
type tables struct {
	account *world.Account
	s       *state
}

func (p *tables) tableRoutes(r *world.Router) {
	world.On(r, p.createRouteTable)
	world.On(r, p.describeRouteTables)
	world.On(r, p.deleteRouteTable)
}

func (p *tables) createRouteTable(rq *world.Request, in *ec2.CreateRouteTableInput) (*ec2.CreateRouteTableOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeRouteTable)
	if err != nil {
		return nil, err
	}
	known, err := sameToken(rq, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if t := p.s.RouteTables.Get(known); t != nil {
		return &ec2.CreateRouteTableOutput{RouteTable: &t.RouteTable, ClientToken: in.ClientToken}, nil
	}
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	t := p.newTable(rq, *v.VpcId, tags, false)
	rq.Remember(in.ClientToken, in, *t.RouteTableId)
	return &ec2.CreateRouteTableOutput{RouteTable: &t.RouteTable, ClientToken: in.ClientToken}, nil
}

// newTable makes a route table with its local route.
func (p *tables) newTable(rq *world.Request, vpcID string, tags []types.Tag, main bool) *routeTable {
	id := p.account.NewID("rtb")
	t := &routeTable{types.RouteTable{
		RouteTableId: &id, VpcId: &vpcID, OwnerId: aws.String(p.account.Number()), Tags: tags,
		Routes: []types.Route{{
			DestinationCidrBlock: p.s.VPCs.Get(vpcID).CidrBlock, GatewayId: aws.String("local"),
			Origin: types.RouteOriginCreateRouteTable, State: types.RouteStateActive,
		}},
	}}
	if main {
		t.Associations = []types.RouteTableAssociation{p.newAssociation(t, "")}
	}
	return p.s.RouteTables.Put(p.account, rq.Now, id, t)
}

func (p *tables) describeRouteTables(rq *world.Request, in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
	page, next, err := describe(rq, &p.s.RouteTables, view{
		in.RouteTableIds, in.Filters, "InvalidRouteTableID.NotFound", "routeTable", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeRouteTablesOutput{
		RouteTables: unpack(page, func(t *routeTable) types.RouteTable { return t.RouteTable }), NextToken: next,
	}, err
}

func (p *tables) deleteRouteTable(rq *world.Request, in *ec2.DeleteRouteTableInput) (*ec2.DeleteRouteTableOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if len(t.Associations) > 0 {
		return nil, inUse("The routeTable '%s' has dependencies and cannot be deleted.", *t.RouteTableId)
	}
	for _, e := range p.s.Endpoints.All() {
		e.RouteTableIds = slices.DeleteFunc(e.RouteTableIds, func(id string) bool { return id == *t.RouteTableId })
	}
	p.s.RouteTables.Remove(rq.Now, *t.RouteTableId)
	return &ec2.DeleteRouteTableOutput{}, nil
}

func (s *state) findTable(rq *world.Request, id *string) (*routeTable, error) {
	if t := s.RouteTables.Find(rq, aws.ToString(id)); t != nil {
		return t, nil
	}
	return nil, missing("InvalidRouteTableID.NotFound", "routeTable", aws.ToString(id))
}

// tableOf is the route table that a subnet uses: its own or the VPC's main one.
func (s *state) tableOf(of *subnet) *routeTable {
	var main *routeTable
	for _, t := range s.RouteTables.All() {
		for _, a := range t.Associations {
			if aws.ToString(a.SubnetId) == *of.SubnetId {
				return t
			}
		}
		if t.main() && *t.VpcId == *of.VpcId {
			main = t
		}
	}
	return main
}

// sameToken is Once with EC2's error for a token that is used again with other
// parameters.
func sameToken(rq *world.Request, clientToken *string, in any) (known string, err error) {
	known, mismatch := rq.Once(clientToken, in)
	if mismatch {
		return "", world.APIError(400, "IdempotentParameterMismatch",
			"Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
	}
	return known, nil
}
