package blueprint

import (
	"cmp"
	"fmt"
	"slices"
)

// HostFacts are what the graph needs to know about the zones and certificates of an
// app's hosts. The zero value says that berth can change no zone and that no
// certificate exists yet.
type HostFacts struct {
	// Zones are the zones of the hosts, by host name. The DNS of a host without a
	// zone is managed by someone else.
	Zones map[string]Zone
	// Certificates are the ARNs of existing certificates to use, by host name.
	Certificates map[string]string
	// Issued are the names of berth's own certificates that AWS has issued, by
	// the certificate's name in the graph.
	Issued map[string][]string
	// Taken are the hosts and ports of other projects in the environment.
	Taken []Route
	// TakenNetwork are the ports that other projects have on the environment's network
	// load balancers.
	TakenNetwork []TakenPort
}

// TakenPort is a port of a network load balancer that is not the stack's.
type TakenPort struct {
	Port int
	// Internal says that the load balancer is the one for private addresses.
	Internal bool
	// Owner is the mark of the listener's owner; empty if it has no mark.
	Owner string
}

// Zone is where the records of a host are made.
type Zone struct {
	// Provider is app.DNSRoute53 or app.DNSCloudflare.
	Provider string
	// ID is the provider's id of the zone; empty for a zone that does not exist yet.
	ID   string
	Name string
	// Made says that berth makes the zone, for the environment.
	Made bool
}

// Route is a host and path that a listener rule sends somewhere. Without a host, the
// rule gets every request of its port.
type Route struct {
	Host, Path string
	// Port is that of the rule's listener.
	Port int
	// Priority is that of the rule.
	Priority int
	// Owner is the mark of the rule's owner; empty if it has no mark.
	Owner string
}

// TakenRouteError says that another project of the environment, or someone else,
// already uses a host and path.
type TakenRouteError struct {
	// Host is the host with its path; Service and Where are the service that asks for
	// it and the place in the file.
	Host, Service, Where string
	// Owner is the owner that uses it; empty if it is unknown.
	Owner string
}

func (e *TakenRouteError) Error() string {
	return fmt.Sprintf("%s: service %s: the host %s is already used by %s", e.Where, e.Service, e.Host,
		cmp.Or(e.Owner, "a rule of the load balancer that is not berth's"))
}

// Remedy is what the user can do.
func (*TakenRouteError) Remedy() string {
	return "give the service another host or path, or remove the host from the other one"
}

// TakenPortError says that another project of the environment publishes a port.
type TakenPortError struct {
	Port int
	// Service and Where are the service that asks for the port and the place in the
	// file; Project is the other project.
	Service, Where, Project string
	// Network says that the port is one of a network load balancer.
	Network bool
}

func (e *TakenPortError) Error() string {
	return fmt.Sprintf("%s: service %s: port %d is already published by the project %s in this environment", e.Where, e.Service, e.Port, e.Project)
}

// Remedy is what the user can do.
func (e *TakenPortError) Remedy() string {
	if e.Network {
		return "publish another port; or give one of the projects an environment of its own (x-berth.environment)"
	}
	return "publish another port; or give both services an x-berth.host, because hosts share the ports; or give one of the projects an environment of its own (x-berth.environment)"
}

// Priorities of rules. A rule matches a host and a path; of all rules that match,
// the one with the lowest number wins. So a full host name comes before a wildcard,
// and a longer path before a shorter one. Each length of path has a band of numbers,
// so that a new rule moves no other; the rules that match everything come after the
// bands (see rulePriority).
const (
	bandWidth    = 20
	longestPath  = 999
	wildcardBand = 20000
)

// priorities are the priorities of routes, in the same order: each gets the first
// free number in its band.
func priorities(routes []Route, taken []Route) []int {
	used := map[int]bool{}
	for _, t := range taken {
		used[t.Priority] = true
	}
	order := make([]int, len(routes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := routes[a], routes[b]
		return cmp.Or(cmp.Compare(band(x), band(y)), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Path, y.Path))
	})
	out, last := make([]int, len(routes)), map[string]int{}
	for _, i := range order {
		p := max(band(routes[i]), last[routes[i].Host]+1)
		for used[p] {
			p++
		}
		used[p], last[routes[i].Host], out[i] = true, p, p
	}
	return out
}

// band is the first priority of a route's band.
func band(r Route) int {
	first := 1 + (longestPath-min(len(r.Path), longestPath))*bandWidth
	if len(r.Host) > 1 && r.Host[0] == '*' {
		first += wildcardBand
	}
	return first
}
