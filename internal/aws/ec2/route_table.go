package ec2

import "github.com/berthdev/berth/internal/engine"

// RouteTable holds the routes of the subnets that are associated with it.
// Output: id.
type RouteTable struct {
	VPC engine.Ref `attr:"vpc,replace"`
}

// Type implements engine.Resource.
func (RouteTable) Type() string { return "ec2.route-table" }
