package blueprint

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
)

// placeRoutes gives the hosts of all services their priorities. A host and path
// that somebody else has is a *TakenRouteError.
func (b *builder) placeRoutes() error {
	var routes []Route
	for _, s := range b.app.Services {
		for _, h := range s.Hosts {
			for _, t := range b.facts.Names.Taken {
				if t.Host == h.Name && t.Path == h.Path {
					return &TakenRouteError{Host: h.String(), Service: s.Name, Where: h.Origin, Owner: t.Owner}
				}
			}
			routes = append(routes, Route{Host: h.Name, Path: h.Path})
		}
	}
	for i, p := range priorities(routes, b.facts.Names.Taken) {
		b.hosting.priorities[routes[i].Host+routes[i].Path] = p
	}
	return nil
}

// addHostRules adds a rule for each host of a service. One whose certificate is
// still to come stands on port 80 meanwhile.
func (b *builder) addHostRules(s app.Service, group *engine.Node) []*engine.Node {
	var rules []*engine.Node
	for _, h := range s.Hosts {
		listener, port := b.hosting.https, securePort
		if !b.hosting.secure[h.Name] {
			listener, port = b.hosting.http, plainPort
		}
		want := elb.Rule{
			Listener: listener, Priority: b.freePriority(b.hosting.priorities[h.String()], port),
			Hosts: []string{h.Name}, TargetGroup: group.ARN(),
		}
		if h.Path != "" {
			want.Paths = []string{h.Path, h.Path + "/*"}
		}
		rules = append(rules, b.graph.Add(b.stack, hostRuleName(s.Name, port, h), want))
	}
	return rules
}

// hostRuleName is the name of the rule in the graph that leads from a host to a
// service.
func hostRuleName(service string, port int, h app.Host) string {
	return service + "-" + strconv.Itoa(port) + "-" + addressWord(h.String())
}

// servesHosts says whether a service can be put behind the load balancer now:
// HTTP/2 and gRPC take TLS, so that they have to wait for their certificate.
func (b *builder) servesHosts(s app.Service, p app.Port) bool {
	if p.App != app.AppHTTP2 && p.App != app.AppGRPC {
		return true
	}
	for _, h := range s.Hosts {
		if !b.hosting.secure[h.Name] {
			return false
		}
	}
	return true
}

// addressWord makes a word of an address from a host and path: tags, which
// carry addresses, take few characters, and no star.
func addressWord(host string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("-._/:=+@", r):
			return r
		}
		return '_'
	}, host)
	if word == host {
		return word
	}
	var sum uint32
	for _, r := range host {
		sum = sum*31 + uint32(r)
	}
	return fmt.Sprintf("%s-%06x", word, sum&0xffffff)
}
