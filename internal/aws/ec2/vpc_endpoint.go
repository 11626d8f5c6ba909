package ec2

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// VPCEndpoint is a gateway endpoint: free access to S3 without a NAT gateway.
// AWS adds its routes to the route tables. Output: id.
type VPCEndpoint struct {
	VPC engine.Ref `attr:"vpc,replace,own"`
	// Service is the endpoint service, such as com.amazonaws.eu-central-1.s3.
	Service     string       `attr:"service,replace,own"`
	RouteTables []engine.Ref `attr:"route_tables,set"`
}

// Type implements engine.Resource.
func (VPCEndpoint) Type() string { return "ec2.vpc-endpoint" }

// VPCEndpoints is the Type of VPCEndpoint.
type VPCEndpoints struct{ API *sdk.Client }

// Spec implements engine.Type.
func (VPCEndpoints) Spec() engine.Spec {
	return engine.Spec{
		Name:     "ec2.vpc-endpoint",
		Identity: engine.Token,
		// A gateway endpoint works at once. Its deletion takes seconds, and the
		// route tables and the VPC cannot be deleted before.
		GoneIn:         3 * time.Second,
		DeadWhenFailed: true,
	}
}

// List implements engine.Type.
func (t VPCEndpoints) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	return t.describe(ctx, &sdk.DescribeVpcEndpointsInput{Filters: owned(q)})
}

// Poll implements engine.Poller. One absent endpoint fails the call for all
// with 'not found'; the engine then polls them one by one.
func (t VPCEndpoints) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	return t.describe(ctx, &sdk.DescribeVpcEndpointsInput{VpcEndpointIds: idsOf(objects)})
}

func (t VPCEndpoints) describe(ctx context.Context, in *sdk.DescribeVpcEndpointsInput) ([]engine.Object, error) {
	p := sdk.NewDescribeVpcEndpointsPaginator(t.API, in)
	endpoints, err := collect(ctx, p, func(o *sdk.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return o.VpcEndpoints })
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, e := range endpoints {
		if l := endpointObject(e, tagMap(e.Tags)); l.Detail != "deleted" {
			objects = append(objects, l)
		}
	}
	return objects, nil
}

func endpointObject(e types.VpcEndpoint, tags map[string]string) engine.Object {
	r := VPCEndpoint{
		VPC:         engine.Lit(aws.ToString(e.VpcId)),
		Service:     aws.ToString(e.ServiceName),
		RouteTables: engine.Lits(e.RouteTableIds...),
	}
	l := ready(r, aws.ToString(e.VpcEndpointId), tags)
	l.Created = aws.ToTime(e.CreationTimestamp)
	// The API's answers spell the states in more than one way.
	l.Detail = strings.ToLower(string(e.State))
	switch l.Detail {
	case "available", "":
	case "failed", "rejected", "expired":
		l.State = engine.StateFailed
		if reason := aws.ToString(e.FailureReason); reason != "" {
			l.Detail = reason
		}
	case "deleting", "deleted":
		l.State = engine.StateDeleting
	default:
		l.State = engine.StatePending
	}
	return l
}

// Create implements engine.Type.
func (t VPCEndpoints) Create(ctx context.Context, w engine.Desired[VPCEndpoint]) (engine.Object, error) {
	out, err := t.API.CreateVpcEndpoint(ctx, &sdk.CreateVpcEndpointInput{
		VpcId:             aws.String(w.Want.VPC.Value()),
		ServiceName:       aws.String(w.Want.Service),
		VpcEndpointType:   types.VpcEndpointTypeGateway,
		RouteTableIds:     engine.Values(w.Want.RouteTables),
		ClientToken:       aws.String(w.Token),
		TagSpecifications: tagsAtCreate(types.ResourceTypeVpcEndpoint, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	l := endpointObject(*out.VpcEndpoint, w.Tags)
	l.Attrs = engine.Shown(w.Want)
	return l, nil
}

// Update implements engine.Type.
func (t VPCEndpoints) Update(ctx context.Context, w engine.Desired[VPCEndpoint], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "route_tables") {
		if err := t.setRouteTables(ctx, object.ID, engine.Values(w.Want.RouteTables)); err != nil {
			return engine.Object{}, err
		}
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	object.Tags, object.LastApplied, object.Attrs = w.Tags, w.Tags[engine.TagLastApplied], engine.Shown(w.Want)
	return object, nil
}

func (t VPCEndpoints) setRouteTables(ctx context.Context, id string, want []string) error {
	out, err := t.API.DescribeVpcEndpoints(ctx, &sdk.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}})
	if err != nil {
		return fmt.Errorf("reading the route tables of %s: %w", id, err)
	}
	var have []string
	for _, e := range out.VpcEndpoints {
		have = append(have, e.RouteTableIds...)
	}
	in := &sdk.ModifyVpcEndpointInput{
		VpcEndpointId:       aws.String(id),
		AddRouteTableIds:    missingFrom(have, want),
		RemoveRouteTableIds: missingFrom(want, have),
	}
	if len(in.AddRouteTableIds)+len(in.RemoveRouteTableIds) == 0 {
		return nil
	}
	_, err = t.API.ModifyVpcEndpoint(ctx, in)
	return err
}

// missingFrom returns the elements of want that list lacks.
func missingFrom(list, want []string) []string {
	var out []string
	for _, w := range want {
		if !slices.Contains(list, w) {
			out = append(out, w)
		}
	}
	return out
}

// Delete implements engine.Type.
func (t VPCEndpoints) Delete(ctx context.Context, object engine.Object) error {
	out, err := t.API.DeleteVpcEndpoints(ctx, &sdk.DeleteVpcEndpointsInput{VpcEndpointIds: []string{object.ID}})
	if err != nil {
		return absent(err)
	}
	for _, u := range out.Unsuccessful {
		if u.Error == nil {
			continue
		}
		err := gate.Failure(sdk.ServiceID, "DeleteVpcEndpoints", aws.ToString(u.Error.Code), aws.ToString(u.Error.Message))
		if absent(err) != nil {
			return err
		}
	}
	return nil
}

var (
	_ engine.Type[VPCEndpoint] = VPCEndpoints{}
	_ engine.Poller            = VPCEndpoints{}
)
