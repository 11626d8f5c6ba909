package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// RouteTable holds the routes of the subnets that are associated with it.
// Output: id.
type RouteTable struct {
	VPC engine.Ref `attr:"vpc,replace,own"`
}

// Type implements engine.Resource.
func (RouteTable) Type() string { return "ec2.route-table" }

// RouteTables is the Type of RouteTable.
type RouteTables struct{ API *sdk.Client }

// Spec implements engine.Type.
func (RouteTables) Spec() engine.Spec {
	return engine.Spec{Holds: "a network", Name: "ec2.route-table", Identity: engine.Token, InUse: "its subnets go first"}
}

// List implements engine.Type.
func (t RouteTables) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	tables, err := describeRouteTables(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, table := range tables {
		r := RouteTable{VPC: engine.Lit(aws.ToString(table.VpcId))}
		objects = append(objects, ready(r, aws.ToString(table.RouteTableId), tagMap(table.Tags)))
	}
	return objects, nil
}

// Create implements engine.Type.
func (t RouteTables) Create(ctx context.Context, w engine.Desired[RouteTable]) (engine.Object, error) {
	out, err := t.API.CreateRouteTable(ctx, &sdk.CreateRouteTableInput{
		VpcId:             aws.String(w.Want.VPC.Value()),
		ClientToken:       aws.String(w.Token),
		TagSpecifications: tagsAtCreate(types.ResourceTypeRouteTable, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, aws.ToString(out.RouteTable.RouteTableId), w.Tags), nil
}

// Update implements engine.Type.
func (t RouteTables) Update(ctx context.Context, w engine.Desired[RouteTable], object engine.Object, _ []string) (engine.Object, error) {
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type.
func (t RouteTables) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteRouteTable(ctx, &sdk.DeleteRouteTableInput{RouteTableId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[RouteTable] = RouteTables{}
