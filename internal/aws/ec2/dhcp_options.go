package ec2

import "github.com/berthdev/berth/internal/engine"

// DHCPOptions gives a VPC's hosts their search domain, so that siblings find
// each other by short names; creating them also associates them. Output: id.
type DHCPOptions struct {
	VPC engine.Ref `attr:"vpc"`
	// Domain is the search domain, the stack's private DNS namespace.
	Domain string `attr:"domain,replace"`
}

// Type implements engine.Resource.
func (DHCPOptions) Type() string { return "ec2.dhcp-options" }
