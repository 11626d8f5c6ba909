package network

import (
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *tables) routeRoutes(r *world.Router) {
	world.On(r, p.createRoute)
	world.On(r, p.replaceRoute)
	world.On(r, p.deleteRoute)
}

func (p *tables) createRoute(rq *world.Request, in *ec2.CreateRouteInput) (*ec2.CreateRouteOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	route, err := p.newRoute(rq, t, types.Route{
		DestinationCidrBlock: in.DestinationCidrBlock, DestinationIpv6CidrBlock: in.DestinationIpv6CidrBlock,
		GatewayId: in.GatewayId, NatGatewayId: in.NatGatewayId,
	})
	if err != nil {
		return nil, err
	}
	i := routeIndex(t, route)
	// AWS accepts the same route twice, and refuses another for the same
	// destination.
	if i >= 0 && !sameTarget(t.Routes[i], route) {
		return nil, world.APIError(400, "RouteAlreadyExists", "The route identified by %s already exists.", destination(route))
	}
	if i < 0 {
		t.Routes = append(t.Routes, route)
	}
	return &ec2.CreateRouteOutput{Return: done()}, nil
}

func (p *tables) replaceRoute(rq *world.Request, in *ec2.ReplaceRouteInput) (*ec2.ReplaceRouteOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	route, err := p.newRoute(rq, t, types.Route{
		DestinationCidrBlock: in.DestinationCidrBlock, DestinationIpv6CidrBlock: in.DestinationIpv6CidrBlock,
		GatewayId: in.GatewayId, NatGatewayId: in.NatGatewayId,
	})
	if err != nil {
		return nil, err
	}
	i := routeIndex(t, route)
	if i < 0 {
		return nil, badValue("There is no route defined for '%s' in the route table. Use CreateRoute instead.", destination(route))
	}
	t.Routes[i] = route
	return &ec2.ReplaceRouteOutput{}, nil
}

func (p *tables) deleteRoute(rq *world.Request, in *ec2.DeleteRouteInput) (*ec2.DeleteRouteOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	route := types.Route{DestinationCidrBlock: in.DestinationCidrBlock, DestinationIpv6CidrBlock: in.DestinationIpv6CidrBlock}
	i := routeIndex(t, route)
	if i < 0 {
		return nil, noRoute(t, route)
	}
	if aws.ToString(t.Routes[i].GatewayId) == "local" {
		return nil, badValue("cannot remove local route %s in route table %s", destination(route), *t.RouteTableId)
	}
	t.Routes = slices.Delete(t.Routes, i, i+1)
	return &ec2.DeleteRouteOutput{}, nil
}

// newRoute checks a route's destination and target.
func (p *tables) newRoute(rq *world.Request, t *routeTable, r types.Route) (types.Route, error) {
	block, err := netip.ParsePrefix(destination(r))
	if err != nil {
		return r, badValue("Value (%s) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.", destination(r))
	}
	if r.DestinationCidrBlock != nil {
		r.DestinationCidrBlock = aws.String(block.Masked().String())
	}
	r.Origin, r.State = types.RouteOriginCreateRoute, types.RouteStateActive
	switch {
	case r.GatewayId != nil:
		g := p.s.Gateways.Find(rq, *r.GatewayId)
		if g == nil {
			return r, missing("InvalidInternetGatewayID.NotFound", "internetGateway", *r.GatewayId)
		}
		if g.attachedTo() != *t.VpcId {
			return r, badValue("route table %s and network gateway %s belong to different networks", *t.RouteTableId, *r.GatewayId)
		}
	case r.NatGatewayId != nil:
		// A pending gateway is accepted as soon as it is visible:
		// https://github.com/boto/boto3/issues/779
		n := p.s.NATs.Find(rq, *r.NatGatewayId)
		if n == nil || !n.exists() || n.State == types.NatGatewayStateDeleting {
			return r, missing("InvalidNatGatewayID.NotFound", "natGateway", *r.NatGatewayId)
		}
		if *n.VpcId != *t.VpcId {
			return r, badValue("route table %s and natGateway %s belong to different networks", *t.RouteTableId, *r.NatGatewayId)
		}
	default:
		return r, world.APIError(400, "MissingParameter", "The request must contain exactly one of gatewayId, natGatewayId")
	}
	return r, nil
}

// blackhole marks the routes to a target that is gone.
func (s *state) blackhole(target string) {
	for _, t := range s.RouteTables.All() {
		for i, r := range t.Routes {
			if aws.ToString(r.NatGatewayId) == target || aws.ToString(r.GatewayId) == target {
				t.Routes[i].State = types.RouteStateBlackhole
			}
		}
	}
}

func destination(r types.Route) string {
	if r.DestinationCidrBlock != nil {
		return *r.DestinationCidrBlock
	}
	return aws.ToString(r.DestinationIpv6CidrBlock)
}

func sameTarget(a, b types.Route) bool {
	return aws.ToString(a.GatewayId) == aws.ToString(b.GatewayId) &&
		aws.ToString(a.NatGatewayId) == aws.ToString(b.NatGatewayId)
}

// routeIndex finds the route for a destination; -1 when there is none.
func routeIndex(t *routeTable, r types.Route) int {
	return slices.IndexFunc(t.Routes, func(have types.Route) bool {
		return have.DestinationPrefixListId == nil && destination(have) == destination(r)
	})
}

func noRoute(t *routeTable, r types.Route) error {
	return world.APIError(400, "InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s",
		destination(r), *t.RouteTableId)
}
