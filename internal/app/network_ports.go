package app

import (
	"fmt"
	"strconv"

	"github.com/berthdev/berth/internal/project"
)

// listenNetwork gives a port to a network load balancer.
func (w *workload) listenNetwork(key string, p *Port) {
	p.Public, p.Internal = true, w.x.Public == "internal"
	if p.Published == 0 {
		p.Published = p.Container
		w.notice(key, "port %d is published under its own number: AWS chooses none", p.Container)
	}
	if known, ok := w.known(); ok && known.stateful && !p.Internal {
		w.notice(key, "port %d of %s is open to the whole internet; x-berth.public: internal opens it to private addresses only", p.Container, known.name)
	}
}

// maxTargets is how many target groups a service of ECS may have.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
const maxTargets = 5

// checkNetwork refuses what network load balancers cannot do for a service.
func (w *workload) checkNetwork(s Service) {
	groups := map[string]bool{}
	for _, p := range s.PublicPorts() {
		groups[strconv.Itoa(p.Container)] = true
	}
	for i, p := range s.Ports {
		if !p.ByNetwork() {
			continue
		}
		groups[fmt.Sprint(p.Container, p.Internal)] = true
		if _, ok := s.NetworkCheck(p); !ok {
			w.refuse(item("ports", i), fmt.Sprintf("nothing tells whether it works behind port %d/udp", p.Container),
				"a load balancer asks over TCP or HTTP", "name a TCP port that answers: x-berth.health.port, or one under expose")
		}
	}
	if len(groups) > maxTargets {
		w.refuse("ports", fmt.Sprintf("%d of its ports are published", len(groups)), "ECS allows 5 target groups for a service", "publish fewer, or split the service")
	}
}

// NetworkCheck is how a network load balancer finds out whether a task works.
type NetworkCheck struct {
	// Port is the one that is asked, 0 for the one that serves.
	Port int
	// Path is what is asked for by HTTP; empty opens a TCP connection only.
	Path string
}

// NetworkCheck is the check of one of the service's ports: what x-berth.health
// says, else the address of the healthcheck if its port can be reached, else
// that the port takes connections. UDP cannot be asked, so then another port of
// the service must be; ok is false if there is none.
func (s Service) NetworkCheck(p Port) (check NetworkCheck, ok bool) {
	asked, path, fetches := s.Health.URL()
	switch {
	case s.HealthPort != 0:
		check = NetworkCheck{Port: s.HealthPort, Path: s.HealthPath}
	case s.HealthPath != "" && p.Protocol == AppTCP:
		check = NetworkCheck{Path: s.HealthPath}
	case fetches && s.Reaches(asked):
		check = NetworkCheck{Port: asked, Path: path}
	case p.App == AppHTTP:
		check = NetworkCheck{Path: "/"}
	case p.Protocol == AppTCP || s.Reaches(p.Container):
	default:
		if check.Port = s.tcpPort(); check.Port == 0 {
			return check, false
		}
		check.Path = s.HealthPath
	}
	if check.Port == p.Container {
		check.Port = 0
	}
	return check, true
}

// Reaches says whether a TCP port is one that others than the container itself
// may reach, as far as the file tells.
func (w Workload) Reaches(port int) bool {
	for _, e := range w.Exposed {
		if e.Protocol == AppTCP && e.From <= port && port <= e.To {
			return true
		}
	}
	return false
}

// tcpPort is the first TCP port of a workload, 0 without one.
func (w Workload) tcpPort() int {
	for _, e := range w.Exposed {
		if e.Protocol == AppTCP {
			return e.From
		}
	}
	return 0
}

// networkListeners refuses what cannot be one listener: two services on one
// port, and TCP and UDP on one port that lead to different ones.
func (t *translator) networkListeners() {
	type port struct {
		internal bool
		number   int
	}
	type user struct {
		service   string
		container int
	}
	first := map[port]user{}
	for _, s := range t.app.Services {
		for i, p := range s.Ports {
			if !p.ByNetwork() {
				continue
			}
			at := project.Item(project.Child("services", s.Name)+".ports", i)
			other, taken := first[port{p.Internal, p.Published}]
			switch {
			case !taken:
				first[port{p.Internal, p.Published}] = user{s.Name, p.Container}
			case other.service != s.Name:
				t.refuse(at, fmt.Sprintf("services %s and %s both publish port %d", other.service, s.Name, p.Published), "it is one listener of the network load balancer", "publish another port for one of them")
			case other.container != p.Container:
				t.refuse(at, fmt.Sprintf("service %s: port %d leads to %d and to %d", s.Name, p.Published, other.container, p.Container), "it is one listener of the network load balancer, which leads to one port", "let both lead to the same port of the container")
			}
		}
	}
}
