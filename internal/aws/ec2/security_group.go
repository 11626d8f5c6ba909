package ec2

import "github.com/berthdev/berth/internal/engine"

// SecurityGroup is a firewall around network interfaces; all egress is
// allowed. A group without rules serves as a mark of membership that other
// groups' rules name as their source. Output: id.
type SecurityGroup struct {
	VPC         engine.Ref `attr:"vpc,replace"`
	Name        string     `attr:"name,replace"`
	Description string     `attr:"description,replace"`
	Ingress     []Rule     `attr:"ingress,set"`
}

// Rule lets packets in: from CIDR or from the members of the group Source.
type Rule struct {
	// Protocol is tcp or udp.
	Protocol string
	// From and To are the first and the last port.
	From, To int
	// CIDR is an IPv4 or IPv6 range; empty when Source is set.
	CIDR   string
	Source engine.Ref
}

// Type implements engine.Resource.
func (SecurityGroup) Type() string { return "ec2.security-group" }
