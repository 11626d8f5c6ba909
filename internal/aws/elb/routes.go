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
	// Network says that it is a listener of a network load balancer, which has no
	// rules: it takes all of the port.
	Network bool
}

// Routes returns the hosts of all rules that a reading has found on the
// environment's balancers in a region, including those of other projects, the
// rules that match every request of a port, and the listeners of network load
// balancers.
func Routes(m *memory.Memory, region string) []Route {
	if s := seenIn(m, region); s != nil {
		return s.routes
	}
	return nil
}

// routesIn returns the routes of the rules of a reading.
func routesIn(r *reading) []Route {
	ports := map[string]int{}
	var out []Route
	for _, l := range r.listeners {
		arn := aws.ToString(l.ListenerArn)
		ports[arn] = int(aws.ToInt32(l.Port))
		if forwards(string(l.Protocol)) {
			out = append(out, Route{Port: ports[arn], Owner: r.ownerOf(arn), Balancer: balancerOf(arn), Network: true})
		}
	}
	for _, rule := range r.rules {
		shown := shownRule(rule)
		owner := r.ownerOf(aws.ToString(rule.RuleArn))
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

// ownerOf is the owner in the mark of an object; empty if it carries none.
func (r *reading) ownerOf(arn string) string {
	mark, _ := engine.MarkOf(r.tags[arn])
	if mark.Address.IsZero() {
		return ""
	}
	return mark.Address.Owner.String()
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
