package elb

import "github.com/berthdev/berth/internal/engine"

// TargetGroup is the set of task addresses behind a rule, with the check that
// says which of them are healthy. Outputs: id and arn.
type TargetGroup struct {
	Name string     `attr:"name,replace"`
	VPC  engine.Ref `attr:"vpc,replace"`
	Port int        `attr:"port,replace"`
	// Version is the protocol version: HTTP1, HTTP2 or GRPC.
	Version string `attr:"version,replace"`
	// Path and Matcher are what the health check asks and what it accepts.
	Path    string `attr:"path"`
	Matcher string `attr:"matcher"`
	// Interval and Timeout are in seconds.
	Interval  int `attr:"interval"`
	Timeout   int `attr:"timeout"`
	Healthy   int `attr:"healthy"`
	Unhealthy int `attr:"unhealthy"`
	// DrainSeconds is the deregistration delay.
	DrainSeconds int `attr:"drain_seconds"`
}

// Type implements engine.Resource.
func (TargetGroup) Type() string { return "elb.target-group" }
