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

// networks takes over the networks that services are in.
func (t *translator) networks() {
	used := map[string]bool{}
	for _, s := range t.project.Compose.Services {
		for n := range s.Networks {
			used[n] = true
		}
	}
	for _, name := range sorted(t.project.Compose.Networks) {
		if !used[name] {
			continue
		}
		path := project.Child("networks", name)
		n := Network{Name: name, Internal: t.project.Compose.Networks[name].Internal}
		if t.project.Positions.Has(path) {
			n.Origin = t.at(path).String()
		}
		if t.project.Compose.Networks[name].External {
			t.notice(path+".external", "network %s: external has no effect: it is this project's alone, and other projects are reached by their load balancer", name)
		}
		t.app.Networks = append(t.app.Networks, n)
	}
}

// networksOf are the names of a service's networks.
func (t *translator) networksOf(name string, s types.ServiceConfig) []string {
	path := project.Child("services", name) + ".networks"
	names := sorted(s.Networks)
	if len(names) == maxNetworks && t.mountsOwn(s) {
		t.refuse(path, fmt.Sprintf("service %s is in %d networks and mounts a volume", name, len(names)), fmt.Sprintf("AWS allows %d then", maxNetworks-1), "put services that talk to each other into one network")
	}
	if len(names) > maxNetworks {
		t.refuse(path, fmt.Sprintf("service %s is in %d networks", name, len(names)), fmt.Sprintf("AWS allows %d", maxNetworks), "put services that talk to each other into one network")
	}
	if s.NetworkMode != "" && len(names) == 0 {
		// bridge is Compose's word for the default network.
		names = []string{"default"}
		if !slices.ContainsFunc(t.app.Networks, func(n Network) bool { return n.Name == "default" }) {
			t.app.Networks = slices.Insert(t.app.Networks, 0, Network{Name: "default"})
			slices.SortFunc(t.app.Networks, func(a, b Network) int { return cmp.Compare(a.Name, b.Name) })
		}
	}
	return names
}

// isInternal says whether all networks of a service are internal.
func (t *translator) isInternal(names []string) bool {
	for _, n := range names {
		if !t.project.Compose.Networks[n].Internal {
			return false
		}
	}
	return len(names) > 0
}
