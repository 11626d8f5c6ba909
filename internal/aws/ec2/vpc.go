package ec2

// VPC is a virtual network. Output: id.
type VPC struct {
	// CIDR is the IPv4 range, a /16.
	CIDR string `attr:"cidr,replace"`
	// DNSHostnames and DNSSupport must be on for private DNS namespaces.
	DNSHostnames bool `attr:"dns_hostnames"`
	DNSSupport   bool `attr:"dns_support"`
}

// Type implements engine.Resource.
func (VPC) Type() string { return "ec2.vpc" }
