package sandbox

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type routeTable struct{ types.RouteTable }

func (t *routeTable) tags() *[]types.Tag { return &t.Tags }

// main tells whether subnets without a table of their own use this one.
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

// ec2Tables are the route tables, with their routes and associations.
type ec2Tables struct {
	account *Account
	s       *ec2State
}

func (p *ec2Tables) tableRoutes(r *router) {
	on(r, p.createRouteTable)
	on(r, p.describeRouteTables)
	on(r, p.deleteRouteTable)
}

func (p *ec2Tables) createRouteTable(rq *request, in *ec2.CreateRouteTableInput) (*ec2.CreateRouteTableOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeRouteTable)
	if err != nil {
		return nil, err
	}
	known, err := rq.sameToken(in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if t := p.s.RouteTables.get(known); t != nil {
		return &ec2.CreateRouteTableOutput{RouteTable: &t.RouteTable, ClientToken: in.ClientToken}, nil
	}
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	t := p.newTable(rq, *v.VpcId, tags, false)
	rq.remember(in.ClientToken, in, *t.RouteTableId)
	return &ec2.CreateRouteTableOutput{RouteTable: &t.RouteTable, ClientToken: in.ClientToken}, nil
}

// newTable makes a route table with its local route.
func (p *ec2Tables) newTable(rq *request, vpcID string, tags []types.Tag, main bool) *routeTable {
	id := p.account.newID("rtb")
	t := &routeTable{types.RouteTable{
		RouteTableId: &id, VpcId: &vpcID, OwnerId: aws.String(p.account.number()), Tags: tags,
		Routes: []types.Route{{
			DestinationCidrBlock: p.s.VPCs.get(vpcID).CidrBlock, GatewayId: aws.String("local"),
			Origin: types.RouteOriginCreateRouteTable, State: types.RouteStateActive,
		}},
	}}
	if main {
		t.Associations = []types.RouteTableAssociation{p.newAssociation(t, "")}
	}
	return p.s.RouteTables.put(p.account, rq.now, id, t)
}

func (p *ec2Tables) describeRouteTables(rq *request, in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
	page, next, err := describe(rq, &p.s.RouteTables, view{
		in.RouteTableIds, in.Filters, "InvalidRouteTableID.NotFound", "routeTable", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeRouteTablesOutput{
		RouteTables: unpack(page, func(t *routeTable) types.RouteTable { return t.RouteTable }), NextToken: next,
	}, err
}

func (p *ec2Tables) deleteRouteTable(rq *request, in *ec2.DeleteRouteTableInput) (*ec2.DeleteRouteTableOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if len(t.Associations) > 0 {
		return nil, inUse("The routeTable '%s' has dependencies and cannot be deleted.", *t.RouteTableId)
	}
	for _, e := range p.s.Endpoints.all() {
		e.RouteTableIds = slices.DeleteFunc(e.RouteTableIds, func(id string) bool { return id == *t.RouteTableId })
	}
	p.s.RouteTables.remove(rq.now, *t.RouteTableId)
	return &ec2.DeleteRouteTableOutput{}, nil
}

func (s *ec2State) findTable(rq *request, id *string) (*routeTable, error) {
	if t := s.RouteTables.find(rq, aws.ToString(id)); t != nil {
		return t, nil
	}
	return nil, missing("InvalidRouteTableID.NotFound", "routeTable", aws.ToString(id))
}

// tableOf is the route table that a subnet uses: its own or the VPC's main one.
func (s *ec2State) tableOf(of *subnet) *routeTable {
	var main *routeTable
	for _, t := range s.RouteTables.all() {
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

// sameToken is once with EC2's error for a token that comes back with other
// parameters.
func (rq *request) sameToken(clientToken *string, in any) (known string, err error) {
	known, mismatch := rq.once(clientToken, in)
	if mismatch {
		return "", apiError(400, "IdempotentParameterMismatch",
			"Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
	}
	return known, nil
}
