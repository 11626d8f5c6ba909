package app

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/placing"
)

// security is the capabilities, limits and kernel parameters of a container.
type security struct {
	capAdd, capDrop []string
	ulimits         []Ulimit
	sysctls         map[string]string
	gpus            int
	privileged      bool
}

// securityOf translates what the capacity allows, and refuses the rest, because a
// container that asks for it may not work, or not be safe, without it.
func securityOf(s subject) security {
	var out security
	c := placing.Container{
		Compose: s.compose, On: s.capacity, Notice: s.notice,
		Refuse: s.refuse, Drop: func(key, what, why, remedy string) { drop(s, key, what, why, remedy) },
	}
	out.gpus, out.privileged = c.GPUs(), c.Privileged()
	for _, name := range s.compose.CapAdd {
		name = strings.TrimPrefix(strings.ToUpper(name), "CAP_")
		if refused := s.capacity.AddCapability(name); refused != nil {
			drop(s, "cap_add", refused.What, refused.Why, refused.Remedy)
			continue
		}
		out.capAdd = append(out.capAdd, name)
	}
	for _, name := range s.compose.CapDrop {
		out.capDrop = append(out.capDrop, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
	}
	out.ulimits = ulimitsOf(s)
	for _, name := range sorted(s.compose.Sysctls) {
		if refused := s.capacity.Sysctl(name); refused != nil {
			s.deny("sysctls."+name, refused)
			continue
		}
		if out.sysctls == nil {
			out.sysctls = map[string]string{}
		}
		out.sysctls[name] = s.compose.Sysctls[name]
	}
	checkNamespaces(s)
	return out
}

func ulimitsOf(s subject) []Ulimit {
	var out []Ulimit
	for _, name := range sorted(s.compose.Ulimits) {
		u := s.compose.Ulimits[name]
		if why := s.capacity.Ulimit(name); why != "" {
			s.notice("ulimits."+name, "ulimits.%s has no effect: %s", name, why)
			continue
		}
		limit := Ulimit{Name: name, Soft: u.Soft, Hard: u.Hard}
		if u.Single != 0 {
			limit.Soft, limit.Hard = u.Single, u.Single
		}
		if limit.Hard < limit.Soft {
			limit.Hard = limit.Soft
		}
		out = append(out, limit)
	}
	return out
}

// checkNamespaces refuses namespaces that are shared with other containers or the
// host. Values that match what every task has are fine.
func checkNamespaces(s subject) {
	c := s.compose
	for _, n := range []struct{ key, value string }{{"network_mode", c.NetworkMode}, {"pid", c.Pid}, {"ipc", c.Ipc}} {
		if s.capacity.Namespaces(n.key, n.value) || n.key == "network_mode" && strings.HasPrefix(n.value, "service:") {
			continue
		}
		what, why := n.key+" "+n.value+" is not supported", s.keys.OfService(n.key)
		if n.key == "network_mode" {
			why = "each task has its own network interface"
		}
		if strings.HasPrefix(n.value, "service:") {
			s.refuse(n.key, what, why, "reach the other service by its name, or put both programs into one image")
			continue
		}
		drop(s, n.key, what, why, "remove it, or remove it for this environment with an overlay")
	}
	for _, host := range sorted(c.ExtraHosts) {
		if slices.Equal(c.ExtraHosts[host], []string{"host-gateway"}) {
			s.notice("extra_hosts", "extra_hosts: %s has no effect: a task has no Docker host to reach", host)
			continue
		}
		s.refuse("extra_hosts", "extra_hosts: "+host+" cannot be added", s.keys.OfService("extra_hosts"), "use the address, or a name in DNS")
	}
}
