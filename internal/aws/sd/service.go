package sd

import "github.com/berthdev/berth/internal/engine"

// Service is one name in a Cloud Map namespace, whose A records are the
// addresses of healthy tasks. Outputs: id, arn.
type Service struct {
	Namespace engine.Ref `attr:"namespace,replace"`
	Name      string     `attr:"name,replace"`
	// TTL of the records, in seconds.
	TTL int `attr:"ttl"`
}

// Type implements engine.Resource.
func (Service) Type() string { return "sd.service" }
