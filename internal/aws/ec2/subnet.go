package ec2

import "github.com/berthdev/berth/internal/engine"

// Subnet is a range of a VPC in one availability zone. Output: id.
type Subnet struct {
	VPC  engine.Ref `attr:"vpc,replace"`
	CIDR string     `attr:"cidr,replace"`
	// Zone is the availability zone's name, as in eu-central-1a.
	Zone string `attr:"zone,replace"`
}

// Type implements engine.Resource.
func (Subnet) Type() string { return "ec2.subnet" }
