package app

import (
	"fmt"

	"github.com/berthdev/berth/internal/project"
)

// listeners refuses two services that publish one port.
func (c checks) listeners() {
	c.networkListeners()
	owners := map[int]string{}
	for _, s := range c.app.Services {
		for _, p := range s.Ports {
			if !p.Public || p.Hosted || p.ByNetwork() {
				continue
			}
			if other, taken := owners[p.Published]; taken && other != s.Name {
				c.refusePort(p, fmt.Sprintf("services %s and %s both publish port %d", other, s.Name, p.Published), "a port is one listener of the load balancer", "publish another port for one of them")
			}
			owners[p.Published] = s.Name
		}
	}
}

// networkListeners refuses ports that cannot share a listener: those of two
// services, and TCP and UDP that lead to different ports of the container.
func (c checks) networkListeners() {
	type port struct {
		internal bool
		number   int
	}
	type user struct {
		service   string
		container int
	}
	first := map[port]user{}
	for _, s := range c.app.Services {
		for _, p := range s.Ports {
			if !p.ByNetwork() {
				continue
			}
			other, taken := first[port{p.Internal, p.Published}]
			switch {
			case !taken:
				first[port{p.Internal, p.Published}] = user{s.Name, p.Container}
			case other.service != s.Name:
				c.refusePort(p, fmt.Sprintf("services %s and %s both publish port %d", other.service, s.Name, p.Published), "a port is one listener of the network load balancer", "publish another port for one of them")
			case other.container != p.Container:
				c.refusePort(p, fmt.Sprintf("service %s: port %d leads to %d and to %d", s.Name, p.Published, other.container, p.Container), "a listener of the network load balancer leads to one port", "map both to the same port of the container")
			}
		}
	}
}

// refusePort refuses a port where the file writes it.
func (c checks) refusePort(p Port, what, why, remedy string) {
	c.problems.Add(Problem{At: ParsePosition(p.Origin), What: what, Why: why, Remedy: remedy})
}

// routes refuses a host with a path that two services have, and the ports that
// hosts share.
func (c checks) routes() {
	type place struct{ service, origin string }
	taken := map[string]place{}
	shared := ""
	for _, s := range c.app.Services {
		if len(s.Hosts) > 0 && shared == "" {
			shared = s.Name
		}
		for _, h := range s.Hosts {
			key := h.String()
			if c.app.Direct() {
				key = h.Name // without a load balancer the path has no effect
			}
			if other, ok := taken[key]; ok {
				c.problems.Add(Problem{At: ParsePosition(h.Origin), What: fmt.Sprintf("services %s and %s both have the host %s", other.service, s.Name, key),
					Why: "the other one is at " + other.origin, Remedy: "give one of them another name or path"})
				continue
			}
			taken[key] = place{s.Name, h.Origin}
		}
	}
	if shared != "" && !c.app.Direct() {
		c.sharedPorts(shared)
	}
	c.directIngress()
}

// sharedPorts refuses listeners of one service on the ports of the hosts.
func (c checks) sharedPorts(hosted string) {
	for _, s := range c.app.Services {
		for _, p := range s.Ports {
			if p.Public && !p.Hosted && (p.Published == 80 || p.Published == 443) {
				c.problems.Add(Problem{At: ParsePosition(p.Origin), What: fmt.Sprintf("service %s publishes port %d, which the hosts of %s use", s.Name, p.Published, hosted),
					Why: "port 80 redirects browsers to 443, and 443 chooses the service by host name", Remedy: "give " + s.Name + " an x-berth.host too, or publish another port"})
			}
		}
	}
}

// directIngress refuses what needs a load balancer, and says how the internet
// reaches services without one.
func (c checks) directIngress() {
	if !c.app.Direct() {
		return
	}
	for _, s := range c.app.Services {
		public := s.PublicPorts()
		if len(public) == 0 {
			continue
		}
		path := project.Child("services", s.Name)
		if c.app.Settings.TaskSubnets.Value == SubnetsPrivate {
			c.refuse(path, "service "+s.Name+" cannot be reached without a load balancer", "its tasks are in private subnets, where nothing has a public address", "write x-berth: {network: {tasks: public}}, or ingress: balancer")
		}
		for _, h := range s.Hosts {
			if h.Path != "" {
				c.problems.Add(Problem{At: ParsePosition(h.Origin), What: fmt.Sprintf("service %s: the path of %s is not supported", s.Name, h), Why: "without a load balancer the name leads to the service's tasks, whatever the path", Remedy: "remove the path, or write ingress: balancer"})
			}
		}
		for _, p := range public {
			if p.Published != p.Container {
				about(c.reading, project.OfService, s.Name, path, "clients reach it on port %d and not on %d: without a load balancer ports are not translated", p.Container, p.Published)
			}
		}
		if len(s.Hosts) > 0 {
			raise(c.reading, project.Exposed, project.OfService, s.Name, path, "http://%s has no TLS: TLS needs a load balancer (x-berth.ingress: balancer); `berth dns sync --watch` keeps its record on the addresses of its tasks", s.Hosts[0])
		}
	}
}
