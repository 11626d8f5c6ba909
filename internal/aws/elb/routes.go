package elb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine"
)

// Route is a host and path that a listener rule goes by, whoever has it.
type Route struct {
	Host, Path string
	Priority   int
	// Owner is the owner's mark; empty if the rule carries none.
	Owner string
	// Balancer is the ARN of the balancer that the rule is on.
	Balancer string
}

// Routes are the hosts of all rules that a reading has found on the balancers of
// the environment in a region, those of its other projects among them.
func Routes(m *engine.Memory, region string) []Route {
	if s := seenIn(m, region); s != nil {
		return s.routes
	}
	return nil
}

// routesIn are the hosts of the rules of a reading.
func routesIn(r *reading) []Route {
	var out []Route
	for _, rule := range r.rules {
		shown := shownRule(rule)
		mark, _ := engine.MarkOf(r.tags[aws.ToString(rule.RuleArn)])
		owner := ""
		if !mark.Address.IsZero() {
			owner = mark.Address.Owner.String()
		}
		for _, host := range shown.Hosts {
			out = append(out, Route{
				Host: strings.ToLower(host), Path: prefixOf(shown.Paths), Priority: shown.Priority, Owner: owner, Balancer: balancerOf(rule.listener),
			})
		}
	}
	return out
}

// prefixOf is the path prefix that patterns as in /api and /api/* mean.
func prefixOf(patterns []string) string {
	if len(patterns) == 0 {
		return ""
	}
	shortest := patterns[0]
	for _, p := range patterns {
		if len(p) < len(shortest) {
			shortest = p
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(shortest, "*"), "/")
}
