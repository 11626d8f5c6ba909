package network

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *tables) associationRoutes(r *world.Router) {
	world.On(r, p.associateRouteTable)
	world.On(r, p.replaceRouteTableAssociation)
	world.On(r, p.disassociateRouteTable)
}

// newAssociation associates a table with a subnet; for the main table it names
// no subnet.
func (p *tables) newAssociation(t *routeTable, subnetID string) types.RouteTableAssociation {
	return types.RouteTableAssociation{
		RouteTableAssociationId: aws.String(p.account.NewID("rtbassoc")), RouteTableId: t.RouteTableId,
		SubnetId: world.Optional(subnetID), Main: aws.Bool(subnetID == ""),
		AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated},
	}
}

func (p *tables) associateRouteTable(rq *world.Request, in *ec2.AssociateRouteTableInput) (*ec2.AssociateRouteTableOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	s, err := p.s.findSubnet(rq, aws.ToString(in.SubnetId))
	if err != nil {
		return nil, err
	}
	if *s.VpcId != *t.VpcId {
		return nil, badValue("Route table %s and subnet %s belong to different networks", *t.RouteTableId, *s.SubnetId)
	}
	if a := p.s.associationOf(*s.SubnetId); a != nil {
		// AWS answers the same association again as a success.
		if *a.RouteTableId == *t.RouteTableId {
			return &ec2.AssociateRouteTableOutput{AssociationId: a.RouteTableAssociationId, AssociationState: a.AssociationState}, nil
		}
		return nil, world.APIError(400, "Resource.AlreadyAssociated",
			"the specified association for route table %s conflicts with an existing association", *t.RouteTableId)
	}
	a := p.newAssociation(t, *s.SubnetId)
	t.Associations = append(t.Associations, a)
	return &ec2.AssociateRouteTableOutput{AssociationId: a.RouteTableAssociationId, AssociationState: a.AssociationState}, nil
}

func (p *tables) replaceRouteTableAssociation(rq *world.Request, in *ec2.ReplaceRouteTableAssociationInput) (*ec2.ReplaceRouteTableAssociationOutput, error) {
	t, err := p.s.findTable(rq, in.RouteTableId)
	if err != nil {
		return nil, err
	}
	old, err := p.takeAssociation(in.AssociationId, true)
	if err != nil {
		return nil, err
	}
	a := p.newAssociation(t, aws.ToString(old.SubnetId))
	t.Associations = append(t.Associations, a)
	return &ec2.ReplaceRouteTableAssociationOutput{NewAssociationId: a.RouteTableAssociationId, AssociationState: a.AssociationState}, nil
}

func (p *tables) disassociateRouteTable(_ *world.Request, in *ec2.DisassociateRouteTableInput) (*ec2.DisassociateRouteTableOutput, error) {
	if _, err := p.takeAssociation(in.AssociationId, false); err != nil {
		return nil, err
	}
	return &ec2.DisassociateRouteTableOutput{}, nil
}

// takeAssociation removes an association from its table.
func (p *tables) takeAssociation(id *string, main bool) (types.RouteTableAssociation, error) {
	for _, t := range p.s.RouteTables.All() {
		for i, a := range t.Associations {
			if aws.ToString(a.RouteTableAssociationId) != aws.ToString(id) {
				continue
			}
			if aws.ToBool(a.Main) && !main {
				return a, badValue("cannot disassociate the main route table association %s", *id)
			}
			t.Associations = slices.Delete(t.Associations, i, i+1)
			return a, nil
		}
	}
	return types.RouteTableAssociation{}, missing("InvalidAssociationID.NotFound", "association", aws.ToString(id))
}

// associationOf is the explicit association of a subnet, or nil.
func (s *state) associationOf(subnetID string) *types.RouteTableAssociation {
	for _, t := range s.RouteTables.All() {
		for i, a := range t.Associations {
			if aws.ToString(a.SubnetId) == subnetID {
				return &t.Associations[i]
			}
		}
	}
	return nil
}
