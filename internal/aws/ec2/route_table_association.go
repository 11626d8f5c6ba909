package ec2

import "github.com/berthdev/berth/internal/engine"

// RouteTableAssociation makes a subnet use a route table. It has no tags: it
// is owned through its route table. Output: id.
type RouteTableAssociation struct {
	RouteTable engine.Ref `attr:"route_table"`
	Subnet     engine.Ref `attr:"subnet,replace"`
}

// Type implements engine.Resource.
func (RouteTableAssociation) Type() string { return "ec2.route-table-association" }
