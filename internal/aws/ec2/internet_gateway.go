package ec2

import "github.com/berthdev/berth/internal/engine"

// InternetGateway connects a VPC to the internet; creating it also attaches
// it. Output: id.
type InternetGateway struct {
	VPC engine.Ref `attr:"vpc"`
}

// Type implements engine.Resource.
func (InternetGateway) Type() string { return "ec2.internet-gateway" }
