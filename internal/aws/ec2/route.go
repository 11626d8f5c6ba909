package ec2

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Route sends a destination's packets to a gateway: exactly one of
// InternetGateway and NATGateway is set. It has no tags: its owner is that of
// its route table. Output: id, which is ROUTETABLE_DESTINATION.
type Route struct {
	RouteTable      engine.Ref `attr:"route_table,replace"`
	Destination     string     `attr:"destination,replace"`
	InternetGateway engine.Ref `attr:"internet_gateway"`
	NATGateway      engine.Ref `attr:"nat_gateway"`
}

// Type implements engine.Resource.
func (Route) Type() string { return "ec2.route" }

func (r Route) id() string { return r.RouteTable.Value() + "_" + r.Destination }

// Routes is the Type of Route. Routes to anything but internet and NAT gateways
// are not berth's, even in berth's own tables: gateway endpoints and peerings
// add some.
type Routes struct{ API *sdk.Client }

// Spec implements engine.Type.
func (Routes) Spec() engine.Spec {
	return engine.Spec{Name: "ec2.route", Identity: engine.ByParent, Untagged: true}
}

// List implements engine.Type.
func (t Routes) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	tables, err := describeRouteTables(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, table := range tables {
		for _, r := range table.Routes {
			if route, ok := ownRoute(table, r); ok {
				objects = append(objects, routeObject(q, table, route))
			}
		}
	}
	return objects, nil
}

// ownRoute is the route as berth would have made it; ok is false for a route of
// another kind.
func ownRoute(table types.RouteTable, r types.Route) (route Route, ok bool) {
	route = Route{
		RouteTable:  engine.Lit(aws.ToString(table.RouteTableId)),
		Destination: aws.ToString(r.DestinationCidrBlock),
	}
	if route.Destination == "" {
		route.Destination = aws.ToString(r.DestinationIpv6CidrBlock)
	}
	gateway, nat := aws.ToString(r.GatewayId), aws.ToString(r.NatGatewayId)
	switch {
	case route.Destination == "":
		return Route{}, false
	case strings.HasPrefix(gateway, "igw-"):
		route.InternetGateway = engine.Lit(gateway)
	case nat != "":
		route.NATGateway = engine.Lit(nat)
	default:
		return Route{}, false
	}
	return route, true
}

// routeObject finds the route's address by its table and destination. A route
// that is not desired gets the owner and the name of its table.
func routeObject(q engine.Query, table types.RouteTable, r Route) engine.Object {
	tags := tagMap(table.Tags)
	parent := addressOf("ec2.route-table", tags)
	l := ready(r, r.id(), nil)
	l.Address = engine.Address{Owner: parent.Owner, Type: r.Type(), Name: parent.Name + "-" + r.Destination}
	for _, w := range q.Wanted {
		want, ok := w.Resource.(Route)
		if ok && w.Address.Owner == parent.Owner && want.Destination == r.Destination &&
			pointsTo(want.RouteTable, "ec2.route-table", r.RouteTable.Value(), tags) {
			l.Address = w.Address
		}
	}
	return l
}

// Create implements engine.Type.
func (t Routes) Create(ctx context.Context, w engine.Desired[Route]) (engine.Object, error) {
	in := &sdk.CreateRouteInput{RouteTableId: aws.String(w.Want.RouteTable.Value())}
	in.DestinationCidrBlock, in.DestinationIpv6CidrBlock = destination(w.Want.Destination)
	in.GatewayId, in.NatGatewayId = target(w.Want)
	_, err := t.API.CreateRoute(ctx, in)
	if gate.IsExists(err) {
		// The table is berth's, so the route is too.
		return t.replace(ctx, w)
	}
	if err != nil {
		return engine.Object{}, err
	}
	return made(w, w.Want.id()), nil
}

func destination(cidr string) (v4, v6 *string) {
	if strings.Contains(cidr, ":") {
		return nil, aws.String(cidr)
	}
	return aws.String(cidr), nil
}

func target(r Route) (gateway, nat *string) {
	if id := r.NATGateway.Value(); id != "" {
		return nil, aws.String(id)
	}
	return aws.String(r.InternetGateway.Value()), nil
}

func (t Routes) replace(ctx context.Context, w engine.Desired[Route]) (engine.Object, error) {
	in := &sdk.ReplaceRouteInput{RouteTableId: aws.String(w.Want.RouteTable.Value())}
	in.DestinationCidrBlock, in.DestinationIpv6CidrBlock = destination(w.Want.Destination)
	in.GatewayId, in.NatGatewayId = target(w.Want)
	if _, err := t.API.ReplaceRoute(ctx, in); err != nil {
		return engine.Object{}, err
	}
	return made(w, w.Want.id()), nil
}

// Update implements engine.Type.
func (t Routes) Update(ctx context.Context, w engine.Desired[Route], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) == 0 {
		return made(w, object.ID), nil
	}
	return t.replace(ctx, w)
}

// Delete implements engine.Type.
func (t Routes) Delete(ctx context.Context, object engine.Object) error {
	table, cidr, _ := strings.Cut(object.ID, "_")
	in := &sdk.DeleteRouteInput{RouteTableId: aws.String(table)}
	in.DestinationCidrBlock, in.DestinationIpv6CidrBlock = destination(cidr)
	_, err := t.API.DeleteRoute(ctx, in)
	return absent(err)
}

var _ engine.Type[Route] = Routes{}
