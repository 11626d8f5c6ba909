package ec2

import "github.com/berthdev/berth/internal/engine"

// NATGateway lets private subnets reach the internet. Outputs: id, ip.
type NATGateway struct {
	Subnet     engine.Ref `attr:"subnet,replace"`
	Allocation engine.Ref `attr:"allocation,replace"`
}

// Type implements engine.Resource.
func (NATGateway) Type() string { return "ec2.nat-gateway" }
