package app

import (
	"fmt"
	"strconv"

	"github.com/berthdev/berth/internal/project"
)

// listenNetwork publishes a port on a network load balancer.
func (w *ports) listenNetwork(key string, p *Port) {
	p.Public, p.Internal = true, w.x.Public == "internal"
	if p.Published == 0 {
		p.Published = p.Container
		w.notice(key, "port %d is published under the same number, not a random one", p.Container)
	}
	if known, ok := w.image.known(); ok && known.Stateful && !p.Internal {
		concern(w.subject, project.Exposed, key, "port %d of %s is open to the whole internet; x-berth.public: internal opens it to private addresses only", p.Container, known.Name)
	}
}

// maxTargets is how many target groups a service of ECS may have.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
const maxTargets = 5

// checkNetwork refuses what network load balancers cannot do for the ports of one
// container of a service.
func checkNetwork(of subject, s Service) {
	groups := map[string]bool{}
	for _, p := range s.PublicPorts() {
		groups[strconv.Itoa(p.Container)] = true
	}
	in := ""
	if of.host != "" {
		in = of.name
	}
	for _, p := range s.Ports {
		if !p.ByNetwork() {
			continue
		}
		groups[fmt.Sprint(p.Container, p.Internal)] = true
		if _, ok := s.Behind(p).NetworkCheck(p); !ok && p.In == in {
			of.problems.Add(Problem{
				At: ParsePosition(p.Origin), What: fmt.Sprintf("service %s: port %d/udp has no health check", of.name, p.Container),
				Why: "a load balancer checks over TCP or HTTP", Remedy: "name a TCP port that answers in x-berth.health.port or under expose",
			})
		}
	}
	if len(groups) > maxTargets {
		of.refuse("ports", fmt.Sprintf("it publishes %d ports", len(groups)), "ECS allows 5 target groups for a service", "publish fewer, or split the service")
	}
}

// NetworkCheck is how a network load balancer finds out whether a task works.
type NetworkCheck struct {
	// Port is the port to check, 0 for the one that serves.
	Port int
	// Path is the path to request over HTTP; if it is empty, the check only opens a
	// TCP connection.
	Path string
}

// NetworkCheck is the check of one of the service's ports: that of x-berth.health,
// else the URL of the healthcheck if its port can be reached, else that the port
// accepts connections. UDP cannot be checked, so another port of the service is
// then; ok is false if there is none.
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

// Reaches says whether the file lets others than the container itself reach a TCP
// port.
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
