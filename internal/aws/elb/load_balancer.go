package elb

import "github.com/berthdev/berth/internal/engine"

// LoadBalancer is an application load balancer. Outputs: id and arn, dns (its
// host name), zone (the hosted zone of that name).
type LoadBalancer struct {
	Name string `attr:"name,replace"`
	// Scheme is internet-facing or internal.
	Scheme         string       `attr:"scheme,replace"`
	Subnets        []engine.Ref `attr:"subnets,set"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	// DeletionProtection makes AWS refuse the deletion.
	DeletionProtection bool `attr:"deletion_protection"`
	// IdleSeconds is after how long a silent connection is closed.
	IdleSeconds int `attr:"idle_seconds"`
}

// Type implements engine.Resource.
func (LoadBalancer) Type() string { return "elb.load-balancer" }
