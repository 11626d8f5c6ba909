package elb

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Route is a host and path in a listener rule, of any owner or none. A rule that
// matches every request has neither.
type Route struct {
	Host, Path string
	// Port is that of the rule's listener.
	Port     int
	Priority int
	// Owner is the owner in the rule's mark; empty if it carries none.
	Owner string
	// Balancer is the ARN of the rule's balancer.
	Balancer string
}

// Routes returns the hosts of all rules that a reading has found on the
// environment's balancers in a region, including those of other projects, and the
// rules that match every request of a port.
func Routes(m *memory.Memory, region string) []Route {
	if s := seenIn(m, region); s != nil {
		return s.routes
	}
	return nil
}

// routesIn returns the routes of the rules of a reading.
func routesIn(r *reading) []Route {
	ports := map[string]int{}
	for _, l := range r.listeners {
		ports[aws.ToString(l.ListenerArn)] = int(aws.ToInt32(l.Port))
	}
	var out []Route
	for _, rule := range r.rules {
		shown := shownRule(rule)
		mark, _ := engine.MarkOf(r.tags[aws.ToString(rule.RuleArn)])
		owner := ""
		if !mark.Address.IsZero() {
			owner = mark.Address.Owner.String()
		}
		hosts := shown.Hosts
		if len(hosts) == 0 && slices.Equal(shown.Paths, []string{"/*"}) {
			hosts = []string{""}
		}
		for _, host := range hosts {
			out = append(out, Route{
				Host: strings.ToLower(host), Path: prefixOf(shown.Paths), Port: ports[rule.listener], Priority: shown.Priority,
				Owner: owner, Balancer: balancerOf(rule.listener),
			})
		}
	}
	return out
}

// prefixOf returns the path prefix of patterns such as /api and /api/*.
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
