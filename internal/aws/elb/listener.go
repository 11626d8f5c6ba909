package elb

import "github.com/berthdev/berth/internal/engine"

// Listener is a port of a load balancer that answers 404 unless a rule of it
// says otherwise. Outputs: id and arn.
type Listener struct {
	LoadBalancer engine.Ref `attr:"load_balancer,replace"`
	Port         int        `attr:"port,replace"`
	// Protocol is HTTP or HTTPS.
	Protocol string `attr:"protocol"`
}

// Type implements engine.Resource.
func (Listener) Type() string { return "elb.listener" }
