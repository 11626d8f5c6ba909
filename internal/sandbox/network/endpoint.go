package network

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type vpcEndpoint struct{ types.VpcEndpoint }

// The answers spell the states in lower case, unlike the SDK's constants:
// https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-vpc-endpoints.html
const (
	endpointAvailable types.State = "available"
	endpointDeleting  types.State = "deleting"
)

func (e *vpcEndpoint) tags() *[]types.Tag { return &e.Tags }

func (e *vpcEndpoint) field(filter string) ([]string, bool) {
	switch filter {
	case "vpc-id":
		return one(e.VpcId)
	case "vpc-endpoint-id":
		return one(e.VpcEndpointId)
	case "service-name":
		return one(e.ServiceName)
	case "vpc-endpoint-state":
		return []string{string(e.State)}, true
	case "vpc-endpoint-type":
		return []string{string(e.VpcEndpointType)}, true
	}
	return nil, false
}

func (p *gateways) endpointRoutes(r *world.Router) {
	world.On(r, p.createVpcEndpoint)
	world.On(r, p.describeVpcEndpoints)
	world.On(r, p.modifyVpcEndpoint)
	world.On(r, p.deleteVpcEndpoints)
	r.Event("ec2.endpoint.deleted", func(at time.Time, id string) { p.s.Endpoints.Remove(at, id) })
}

func (p *gateways) createVpcEndpoint(rq *world.Request, in *ec2.CreateVpcEndpointInput) (*ec2.CreateVpcEndpointOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeVpcEndpoint)
	if err != nil {
		return nil, err
	}
	known, err := sameToken(rq, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	if e := p.s.Endpoints.Get(known); e != nil {
		return &ec2.CreateVpcEndpointOutput{VpcEndpoint: &e.VpcEndpoint, ClientToken: in.ClientToken}, nil
	}
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	if err := p.checkEndpoint(in); err != nil {
		return nil, err
	}
	id := p.account.NewID("vpce")
	// A gateway endpoint only consists of entries in route tables: AWS answers
	// "available" at once.
	e := &vpcEndpoint{types.VpcEndpoint{
		VpcEndpointId: &id, VpcId: v.VpcId, ServiceName: in.ServiceName, State: endpointAvailable,
		VpcEndpointType: types.VpcEndpointTypeGateway, OwnerId: aws.String(p.account.Number()),
		CreationTimestamp: aws.Time(rq.Now), PolicyDocument: in.PolicyDocument, Tags: tags,
	}}
	if err := p.addEndpointRoutes(rq, e, in.RouteTableIds); err != nil {
		return nil, err
	}
	p.s.Endpoints.Put(p.account, rq.Now, id, e)
	rq.Remember(in.ClientToken, in, id)
	return &ec2.CreateVpcEndpointOutput{VpcEndpoint: &e.VpcEndpoint, ClientToken: in.ClientToken}, nil
}

// checkEndpoint only accepts gateway endpoints: berth makes no others.
func (p *gateways) checkEndpoint(in *ec2.CreateVpcEndpointInput) error {
	if in.VpcEndpointType != "" && in.VpcEndpointType != types.VpcEndpointTypeGateway {
		return world.APIError(501, "UnsupportedOperation", "the sandbox has gateway endpoints only, not %s", in.VpcEndpointType)
	}
	name := aws.ToString(in.ServiceName)
	for _, s := range []string{"s3", "dynamodb"} {
		if name == "com.amazonaws."+p.account.Region()+"."+s {
			return nil
		}
	}
	return world.APIError(400, "InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
}

// addEndpointRoutes enters the service's prefix list into route tables: all or
// none.
func (p *gateways) addEndpointRoutes(rq *world.Request, e *vpcEndpoint, tables []string) error {
	list := prefixList(*e.ServiceName)
	var found []*routeTable
	for _, id := range tables {
		t, err := p.s.findTable(rq, &id)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(t.Routes, func(r types.Route) bool { return aws.ToString(r.DestinationPrefixListId) == list }) {
			return world.APIError(400, "RouteAlreadyExists", "route table %s already has a route with destination-prefix-list-id %s", id, list)
		}
		found = append(found, t)
	}
	for _, t := range found {
		t.Routes = append(t.Routes, types.Route{
			DestinationPrefixListId: &list, GatewayId: e.VpcEndpointId,
			Origin: types.RouteOriginCreateRoute, State: types.RouteStateActive,
		})
		e.RouteTableIds = append(e.RouteTableIds, *t.RouteTableId)
	}
	return nil
}

func (p *gateways) dropEndpointRoutes(e *vpcEndpoint, tables []string) {
	for _, id := range tables {
		if t := p.s.RouteTables.Get(id); t != nil {
			t.Routes = slices.DeleteFunc(t.Routes, func(r types.Route) bool {
				return aws.ToString(r.GatewayId) == *e.VpcEndpointId
			})
		}
	}
	e.RouteTableIds = slices.DeleteFunc(e.RouteTableIds, func(id string) bool { return slices.Contains(tables, id) })
}

// prefixList is the id of a service's prefix list, such as pl-00000s3.
func prefixList(service string) string {
	return "pl-00000" + service[strings.LastIndex(service, ".")+1:]
}

func (p *gateways) describeVpcEndpoints(rq *world.Request, in *ec2.DescribeVpcEndpointsInput) (*ec2.DescribeVpcEndpointsOutput, error) {
	page, next, err := describe(rq, &p.s.Endpoints, view{
		in.VpcEndpointIds, in.Filters, "InvalidVpcEndpointId.NotFound", "VpcEndpoint", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeVpcEndpointsOutput{
		VpcEndpoints: unpack(page, func(e *vpcEndpoint) types.VpcEndpoint { return e.VpcEndpoint }), NextToken: next,
	}, err
}

func (p *gateways) modifyVpcEndpoint(rq *world.Request, in *ec2.ModifyVpcEndpointInput) (*ec2.ModifyVpcEndpointOutput, error) {
	id := aws.ToString(in.VpcEndpointId)
	e := p.s.Endpoints.Find(rq, id)
	if e == nil {
		return nil, missing("InvalidVpcEndpointId.NotFound", "VpcEndpoint", id)
	}
	if err := p.addEndpointRoutes(rq, e, in.AddRouteTableIds); err != nil {
		return nil, err
	}
	p.dropEndpointRoutes(e, in.RemoveRouteTableIds)
	if in.PolicyDocument != nil {
		e.PolicyDocument = in.PolicyDocument
	}
	return &ec2.ModifyVpcEndpointOutput{Return: done()}, nil
}

// deleteVpcEndpoints reports what it could not delete in a successful answer.
func (p *gateways) deleteVpcEndpoints(rq *world.Request, in *ec2.DeleteVpcEndpointsInput) (*ec2.DeleteVpcEndpointsOutput, error) {
	out := &ec2.DeleteVpcEndpointsOutput{}
	for _, id := range in.VpcEndpointIds {
		e := p.s.Endpoints.Find(rq, id)
		if e == nil {
			out.Unsuccessful = append(out.Unsuccessful, types.UnsuccessfulItem{
				ResourceId: &id, Error: &types.UnsuccessfulItemError{
					Code:    aws.String("InvalidVpcEndpoint.NotFound"),
					Message: aws.String("The Vpc Endpoint Id '" + id + "' does not exist"),
				},
			})
			continue
		}
		if e.State != endpointDeleting {
			e.State = endpointDeleting
			p.dropEndpointRoutes(e, slices.Clone(e.RouteTableIds))
			p.account.Schedule(rq.Now.Add(p.account.Takes(world.VPCEndpointDeleted)), "ec2.endpoint.deleted", id)
		}
	}
	return out, nil
}
