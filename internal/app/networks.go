package app

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// maxNetworks is how many networks a service may be in: AWS allows a network
// interface five security groups, of which one is the service's own.
const maxNetworks = 4

// networksOf are the networks that services are in, sorted by name.
func networksOf(r reading) []Network {
	var out []Network
	used := map[string]bool{}
	for _, s := range r.project.Compose.Services {
		for n := range s.Networks {
			used[n] = true
		}
	}
	for _, name := range sorted(r.project.Compose.Networks) {
		if !used[name] {
			continue
		}
		path := project.Child("networks", name)
		n := Network{Name: name, Internal: r.project.Compose.Networks[name].Internal}
		if r.project.Positions.Has(path) {
			n.Origin = r.at(path).String()
		}
		if r.project.Compose.Networks[name].External {
			about(r, project.OfNetwork, name, path+".external", "external has no effect: the network belongs to this project alone, and other projects are reached through their load balancers")
		}
		out = append(out, n)
	}
	return out
}

// networksOf are the names of a service's networks.
func (w *workloads) networksOf(name string, s types.ServiceConfig) []string {
	path := project.Child("services", name) + ".networks"
	names := sorted(s.Networks)
	if len(names) == maxNetworks && w.mountsOwn(s) {
		w.refuse(path, fmt.Sprintf("service %s is in %d networks and mounts a volume", name, len(names)), fmt.Sprintf("with a volume AWS allows %d", maxNetworks-1), "put services that talk to each other into one network")
	}
	if len(names) > maxNetworks {
		w.refuse(path, fmt.Sprintf("service %s is in %d networks", name, len(names)), fmt.Sprintf("AWS allows %d", maxNetworks), "put services that talk to each other into one network")
	}
	if s.NetworkMode != "" && len(names) == 0 {
		// bridge is Compose's word for the default network.
		names = []string{"default"}
		if !slices.ContainsFunc(w.app.Networks, func(n Network) bool { return n.Name == "default" }) {
			w.app.Networks = slices.Insert(w.app.Networks, 0, Network{Name: "default"})
			slices.SortFunc(w.app.Networks, func(a, b Network) int { return cmp.Compare(a.Name, b.Name) })
		}
	}
	return names
}
