package blueprint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
)

// URL is where clients reach a service.
type URL struct {
	Service string
	Port    int
	URL     string
}

// URLs are the addresses of all endpoints whose load balancer is known to be
// there: the hosts of the file first, then the ports of the application load
// balancer, then those of the network load balancers, as HOST:PORT with /udp
// behind those of UDP. A host that stands for all names below it has none.
func (o Outputs) URLs() []URL {
	var hosts, ports, network []URL
	for _, e := range o.Endpoints {
		switch urls := e.urls(); {
		case e.Host != "":
			hosts = append(hosts, urls...)
		case e.Protocol == "HTTP":
			ports = append(ports, urls...)
		default:
			network = append(network, urls...)
		}
	}
	slices.SortStableFunc(hosts, func(x, y URL) int { return cmp.Compare(x.Service, y.Service) })
	slices.SortStableFunc(network, func(x, y URL) int {
		return cmp.Or(cmp.Compare(x.Service, y.Service), cmp.Compare(x.Port, y.Port))
	})
	return slices.Concat(hosts, ports, network)
}

// urls are the addresses of one endpoint: none, one or, where it takes TCP and
// UDP, two.
func (e Endpoint) urls() []URL {
	name, path, _ := strings.Cut(e.Host, "/")
	if e.Protocol == Direct {
		if name == "" || (app.Host{Name: name}).Wildcard() {
			return nil
		}
		return []URL{{Service: e.Service, Port: e.Port, URL: "http://" + withPort(name, e.Port)}}
	}
	if !e.Balancer.Known() || e.Balancer.Value() == "" || (app.Host{Name: name}).Wildcard() {
		return nil
	}
	if path != "" {
		path = "/" + path
	}
	host := e.Balancer.Value()
	switch {
	case e.Plain:
		return []URL{{Service: e.Service, Port: plainPort, URL: "http://" + name + path}}
	case name != "":
		return []URL{{Service: e.Service, Port: e.Port, URL: "https://" + name + path}}
	case e.Protocol == "HTTP":
		return []URL{{Service: e.Service, Port: e.Port, URL: "http://" + withPort(host, e.Port)}}
	}
	var out []URL
	for word := range strings.SplitSeq(e.Protocol, "_") {
		u := URL{Service: e.Service, Port: e.Port, URL: host + ":" + strconv.Itoa(e.Port)}
		if word == "UDP" {
			u.URL += "/udp"
		}
		out = append(out, u)
	}
	return out
}

// withPort is a host with a port, unless it is the one that browsers use.
func withPort(host string, port int) string {
	if port == plainPort {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}
