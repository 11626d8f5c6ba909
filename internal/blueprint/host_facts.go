package blueprint

import (
	"cmp"
	"fmt"
	"slices"
)

// HostFacts are what the graph needs to know of the zones and certificates of an
// app's hosts. The zero value is that berth can change no zone and that there is
// no certificate yet.
type HostFacts struct {
	// Zones are the zones of the hosts, by host name. A host without one is in
	// the hands of somebody else.
	Zones map[string]Zone
	// Certificates are the ARNs of existing certificates to use, by host name.
	Certificates map[string]string
	// Issued are the names of berth's own certificates that AWS has issued, by
	// the certificate's name in the graph.
	Issued map[string][]string
	// Taken are the hosts that other projects of the environment have.
	Taken []Route
}

// Zone is where the records of a host are made.
type Zone struct {
	// Provider is app.DNSRoute53 or app.DNSCloudflare.
	Provider string
	// ID is the provider's id of the zone; empty for one that is yet to be made.
	ID   string
	Name string
	// Made says that the zone is the environment's own, made by berth.
	Made bool
}

// Route is a host and path that a listener rule sends somewhere.
type Route struct {
	Host, Path string
	// Priority is that of the rule.
	Priority int
	// Owner is the mark of its owner; empty if it carries none.
	Owner string
}

// TakenRouteError says that another project of the environment, or somebody
// else, has a host and path already.
type TakenRouteError struct {
	// Host is the host with its path, Service and Where the one that wants it.
	Host, Service, Where string
	// Owner is who has it; empty if no mark tells.
	Owner string
}

func (e *TakenRouteError) Error() string {
	return fmt.Sprintf("%s: service %s: the host %s is taken by %s", e.Where, e.Service, e.Host,
		cmp.Or(e.Owner, "a rule of the load balancer that carries no berth mark"))
}

// Remedy is what the user can do.
func (*TakenRouteError) Remedy() string {
	return "give the service another host or path, or take it from the other one"
}

// Priorities of rules. A rule matches a host and a path; the lowest priority
// that matches wins. So a named host comes before a star, and a longer path
// before a shorter one. Each length of path has a band of its own, so that a
// new rule moves no other; behind the bands are the rules that match everything
// (see rulePriority).
const (
	bandWidth    = 20
	longestPath  = 999
	wildcardBand = 20000
)

// priorities gives each route the first free place in its band. Routes come in
// the order of the result's.
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
