package elb

import "github.com/berthdev/berth/internal/engine"

// Rule sends what its conditions match to a target group. Outputs: id and arn.
type Rule struct {
	Listener engine.Ref `attr:"listener,replace"`
	// Priority orders the rules of a listener: 1 to 50000, lowest first.
	Priority int `attr:"priority"`
	// Hosts and Paths are patterns; no hosts and the path "/*" match all.
	Hosts       []string   `attr:"hosts,set"`
	Paths       []string   `attr:"paths,set"`
	TargetGroup engine.Ref `attr:"target_group"`
}

// Type implements engine.Resource.
func (Rule) Type() string { return "elb.rule" }
