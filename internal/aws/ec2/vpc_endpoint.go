package ec2

import "github.com/berthdev/berth/internal/engine"

// VPCEndpoint is a gateway endpoint: the free way to S3 without a NAT gateway.
// Its routes appear in the route tables by themselves. Output: id.
type VPCEndpoint struct {
	VPC engine.Ref `attr:"vpc,replace"`
	// Service is the endpoint service, as in com.amazonaws.eu-central-1.s3.
	Service     string       `attr:"service,replace"`
	RouteTables []engine.Ref `attr:"route_tables,set"`
}

// Type implements engine.Resource.
func (VPCEndpoint) Type() string { return "ec2.vpc-endpoint" }
