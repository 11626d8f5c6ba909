package ec2

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// RouteTableAssociation makes a subnet use a route table. It has no tags: its
// owner is that of its route table. Output: id.
type RouteTableAssociation struct {
	RouteTable engine.Ref `attr:"route_table"`
	Subnet     engine.Ref `attr:"subnet,replace"`
}

// Type implements engine.Resource.
func (RouteTableAssociation) Type() string { return "ec2.route-table-association" }

// RouteTableAssociations is the Type of RouteTableAssociation.
type RouteTableAssociations struct{ API *sdk.Client }

// Spec implements engine.Type.
func (RouteTableAssociations) Spec() engine.Spec {
	return engine.Spec{Name: "ec2.route-table-association", Identity: engine.ByParent, Untagged: true}
}

// List implements engine.Type.
func (t RouteTableAssociations) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	tables, err := describeRouteTables(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	subnets, err := describeSubnets(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	tags := map[string]map[string]string{}
	for _, s := range subnets {
		tags[aws.ToString(s.SubnetId)] = tagMap(s.Tags)
	}
	var objects []engine.Object
	for _, table := range tables {
		for _, a := range table.Associations {
			if stands(a) {
				subnet := aws.ToString(a.SubnetId)
				objects = append(objects, associationObject(q, table, a, tags[subnet]))
			}
		}
	}
	return objects, nil
}

// stands says whether an association is that of a subnet and is not being
// removed.
func stands(a types.RouteTableAssociation) bool {
	if a.AssociationState != nil {
		switch a.AssociationState.State {
		case types.RouteTableAssociationStateCodeDisassociating, types.RouteTableAssociationStateCodeDisassociated,
			types.RouteTableAssociationStateCodeFailed:
			return false
		}
	}
	return aws.ToString(a.SubnetId) != ""
}

// associationObject finds the association's address by its subnet. An
// association that is not desired gets the owner of its table and the name of
// the subnet.
func associationObject(q engine.Query, table types.RouteTable, a types.RouteTableAssociation, subnetTags map[string]string) engine.Object {
	tableID, subnet := aws.ToString(table.RouteTableId), aws.ToString(a.SubnetId)
	r := RouteTableAssociation{RouteTable: engine.Lit(tableID), Subnet: engine.Lit(subnet)}
	l := ready(r, aws.ToString(a.RouteTableAssociationId), nil)
	owner := addressOf("ec2.route-table", tagMap(table.Tags)).Owner
	l.Address = engine.Address{Owner: owner, Type: r.Type(), Name: subnet}
	if name := addressOf("ec2.subnet", subnetTags).Name; name != "" {
		l.Address.Name = name
	}
	for _, w := range q.Wanted {
		want, ok := w.Resource.(RouteTableAssociation)
		if ok && w.Address.Owner == owner && pointsTo(want.Subnet, "ec2.subnet", subnet, subnetTags) {
			l.Address = w.Address
		}
	}
	return l
}

// Create implements engine.Type.
func (t RouteTableAssociations) Create(ctx context.Context, w engine.Desired[RouteTableAssociation]) (engine.Object, error) {
	out, err := t.API.AssociateRouteTable(ctx, &sdk.AssociateRouteTableInput{
		RouteTableId: aws.String(w.Want.RouteTable.Value()),
		SubnetId:     aws.String(w.Want.Subnet.Value()),
	})
	if gate.IsExists(err) {
		return t.takeOver(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, err
	}
	return made(w, aws.ToString(out.AssociationId)), nil
}

// made returns the object of a resource without tags.
func made[R engine.Resource](w engine.Desired[R], id string) engine.Object {
	l := ready(w.Want, id, nil)
	l.Address = w.Address
	return l
}

// takeOver uses the association that the subnet has already. The subnet is
// berth's, so the association is too.
func (t RouteTableAssociations) takeOver(ctx context.Context, w engine.Desired[RouteTableAssociation], exists error) (engine.Object, error) {
	p := sdk.NewDescribeRouteTablesPaginator(t.API, &sdk.DescribeRouteTablesInput{
		Filters: filter("association.subnet-id", w.Want.Subnet.Value()),
	})
	tables, err := collect(ctx, p, func(o *sdk.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables })
	if err != nil {
		return engine.Object{}, fmt.Errorf("finding the route table of %s: %w", w.Want.Subnet.Value(), err)
	}
	for _, table := range tables {
		for _, a := range table.Associations {
			if !stands(a) || aws.ToString(a.SubnetId) != w.Want.Subnet.Value() {
				continue
			}
			id := aws.ToString(a.RouteTableAssociationId)
			if aws.ToString(table.RouteTableId) == w.Want.RouteTable.Value() {
				return made(w, id), nil
			}
			return t.replace(ctx, w, id)
		}
	}
	return engine.Object{}, gate.Unseen(exists)
}

func (t RouteTableAssociations) replace(ctx context.Context, w engine.Desired[RouteTableAssociation], id string) (engine.Object, error) {
	out, err := t.API.ReplaceRouteTableAssociation(ctx, &sdk.ReplaceRouteTableAssociationInput{
		AssociationId: aws.String(id), RouteTableId: aws.String(w.Want.RouteTable.Value()),
	})
	if gate.IsNotFound(err) {
		// An earlier answer was lost: the replaced association has another id.
		return t.Create(ctx, w)
	}
	if err != nil {
		return engine.Object{}, err
	}
	return made(w, aws.ToString(out.NewAssociationId)), nil
}

// Update implements engine.Type. The association gets a new id.
func (t RouteTableAssociations) Update(ctx context.Context, w engine.Desired[RouteTableAssociation], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) == 0 {
		return made(w, object.ID), nil
	}
	return t.replace(ctx, w, object.ID)
}

// Delete implements engine.Type.
func (t RouteTableAssociations) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DisassociateRouteTable(ctx, &sdk.DisassociateRouteTableInput{AssociationId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[RouteTableAssociation] = RouteTableAssociations{}
