package blueprint

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// Balancer is the address of the environment's load balancer; its output
// "dns" is the host of all URLs.
func Balancer(a *app.App) engine.Address {
	return engine.Address{Owner: Environment(a), Type: "elb.load-balancer", Name: applicationBalancer}
}

// URLs are the addresses of all public ports, by port; host is the balancer's
// output "dns". Without a host there are none.
func URLs(a *app.App, host string) []URL {
	urls := hostURLs(a)
	if host == "" {
		return urls
	}
	for _, l := range Listeners(a) {
		if l.Host != "" {
			continue
		}
		u := "http://" + host
		if l.Port != 80 {
			u += ":" + strconv.Itoa(l.Port)
		}
		urls = append(urls, URL{Service: l.Service, Port: l.Port, URL: u})
	}
	return urls
}

// Listener is one public port and where it leads.
type Listener struct {
	// Port is what clients use; Protocol is HTTP, or HTTPS where Host is the
	// name, with its path, that a rule goes by, or TCP, UDP or TCP_UDP on a
	// network load balancer.
	Port     int
	Protocol string
	Host     string
	// Internal says that private addresses only reach it.
	Internal bool
	// Service and Container are the service and its port.
	Service   string
	Container int
}

// Listeners are the ports of an app on the application load balancer,
// ascending.
func Listeners(a *app.App) []Listener {
	var out []Listener
	for _, s := range a.Services {
		for _, p := range s.PublicPorts() {
			if a.Direct() {
				out = append(out, Listener{Port: p.Container, Protocol: "direct", Service: s.Name, Container: p.Container})
				continue
			}
			if p.Hosted {
				for _, h := range s.Hosts {
					out = append(out, Listener{Port: 443, Protocol: "HTTPS", Host: h.String(), Service: s.Name, Container: p.Container})
				}
				continue
			}
			out = append(out, Listener{Port: p.Published, Protocol: "HTTP", Service: s.Name, Container: p.Container})
		}
	}
	slices.SortFunc(out, func(x, y Listener) int { return cmp.Compare(x.Port, y.Port) })
	return out
}

// hostURLs are the addresses of all hosts that are one name.
func hostURLs(a *app.App) []URL {
	var urls []URL
	for _, s := range a.Services {
		p, _ := s.HostPort()
		for _, h := range s.Hosts {
			u := URL{Service: s.Name, Port: 443, URL: "https://" + h.String()}
			if a.Direct() {
				u.Port, u.URL = p.Container, "http://"+h.Name
				if p.Container != 80 {
					u.URL += ":" + strconv.Itoa(p.Container)
				}
			}
			if !h.Wildcard() {
				urls = append(urls, u)
			}
		}
	}
	return urls
}
