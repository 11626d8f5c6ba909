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
	Service string `json:"service"`
	Port    int    `json:"port"`
	URL     string `json:"url"`
}

// URLs are the URLs of all endpoints whose load balancer is known to exist: the
// hosts of the file first, then the ports of the application load balancer, then
// those of the network load balancers as HOST:PORT, with /udp appended for UDP. A
// wildcard host has none.
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

// urls are the URLs of one endpoint: none, one or, for TCP and UDP, two.
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

// withPort is a host with a port, unless it is the default of HTTP.
func withPort(host string, port int) string {
	if port == plainPort {
		return host
	}
	return host + ":" + strconv.Itoa(port)
}
