package blueprint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
)

// routes are the priorities of the rules of hosts, by "HOST/PATH".
type routes map[string]int

// newRoutes is the stage of the hosts' routes: it decides the priorities of all
// services' routes. If someone else uses a host and path, the error is a
// *TakenRouteError; if another project publishes a port, it is a *TakenPortError.
func newRoutes(s stack) (routes, error) {
	var all []Route
	for _, service := range s.app.Services {
		if err := s.takenPort(service); err != nil {
			return nil, err
		}
		for _, h := range service.Hosts {
			for _, t := range s.facts.Names.Taken {
				if t.Host == h.Name && t.Path == h.Path {
					return nil, &TakenRouteError{Host: h.String(), Service: service.Name, Where: h.Origin, Owner: t.Owner}
				}
			}
			all = append(all, Route{Host: h.Name, Path: h.Path})
		}
	}
	out := routes{}
	for i, p := range priorities(all, s.facts.Names.Taken) {
		out[all[i].Host+all[i].Path] = p
	}
	return out, nil
}

// takenPort finds a port of a service that another project publishes. On the
// application load balancer both would get a rule for every request, and only the
// first one would be used; on a network load balancer a port has one listener.
func (s stack) takenPort(service app.Service) error {
	for _, p := range service.PublicPorts() {
		if p.Hosted {
			continue
		}
		for _, t := range s.facts.Names.Taken {
			other, err := engine.ParseOwner(t.Owner)
			if t.Host == "" && t.Port == p.Published && err == nil && other.Environment == s.app.Environment {
				return &TakenPortError{Port: p.Published, Service: service.Name, Where: p.Origin, Project: other.Project}
			}
		}
	}
	for _, p := range service.NetworkPorts() {
		for _, t := range s.facts.Names.TakenNetwork {
			other, err := engine.ParseOwner(t.Owner)
			if t.Port == p.Published && t.Internal == p.Internal && err == nil && other.Environment == s.app.Environment {
				return &TakenPortError{Port: p.Published, Service: service.Name, Where: p.Origin, Project: other.Project, Network: true}
			}
		}
	}
	return nil
}

// addHostRules adds a rule for each host of a service. Until a host has its
// certificate, the rule is on port 80.
func (t targets) addHostRules(s app.Service, to target) []*engine.Node {
	var rules []*engine.Node
	for _, h := range s.Hosts {
		listener, port := t.env.balancer.https, securePort
		if !t.env.names.secure[h.Name] {
			listener, port = t.env.balancer.http, plainPort
		}
		want := elb.Rule{
			Listener: listener, Priority: t.facts.freePriority(t.routes[h.String()], port),
			Hosts: []string{h.Name},
		}
		if h.Path != "" {
			want.Paths = []string{h.Path, h.Path + "/*"}
		}
		rules = append(rules, t.add(hostRuleName(s.Name, port, h), forward(want, to)))
	}
	return rules
}

// hostRuleName is the name in the graph of the rule from a host to a service.
func hostRuleName(service string, port int, h app.Host) string {
	return service + "-" + strconv.Itoa(port) + "-" + addressWord(h.String())
}

// servesHosts says whether the load balancer can serve a service now: HTTP/2 and
// gRPC need TLS, so they must wait for their certificate.
func (t targets) servesHosts(s app.Service, p app.Port) bool {
	if p.App != app.AppHTTP2 && p.App != app.AppGRPC {
		return true
	}
	return !slices.ContainsFunc(s.Hosts, func(h app.Host) bool { return !t.env.names.secure[h.Name] })
}

// addressWord makes a host and path into a word of an address. Addresses are
// written into tags, which allow few special characters and no star.
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
