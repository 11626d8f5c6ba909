package ec2

import "github.com/berthdev/berth/internal/engine"

// Route sends a destination's packets to a gateway: exactly one of
// InternetGateway and NATGateway is set. It has no tags: it is owned through
// its route table. Output: id, which is ROUTETABLE_DESTINATION.
type Route struct {
	RouteTable      engine.Ref `attr:"route_table,replace"`
	Destination     string     `attr:"destination,replace"`
	InternetGateway engine.Ref `attr:"internet_gateway"`
	NATGateway      engine.Ref `attr:"nat_gateway"`
}

// Type implements engine.Resource.
func (Route) Type() string { return "ec2.route" }
