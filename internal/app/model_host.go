package app

import "strings"

// Host is a name, and a path on it, under which the internet reaches a service.
type Host struct {
	// Name is in lower case, such as app.example.com or *.example.com.
	Name string
	// Path is the prefix of what the service answers, without a slash at its
	// end; empty is everything.
	Path string
	// Origin is its file:line.
	Origin string
}

// String is the host as it is written in the file: app.example.com/api.
func (h Host) String() string { return h.Name + h.Path }

// Wildcard reports whether the host matches all names below it.
func (h Host) Wildcard() bool { return strings.HasPrefix(h.Name, "*.") }

// HostNames are the names of all services' hosts, each once, in the order of
// the services.
func (a *App) HostNames() []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range a.Services {
		for _, h := range s.Hosts {
			if !seen[h.Name] {
				seen[h.Name] = true
				names = append(names, h.Name)
			}
		}
	}
	return names
}

// HostPort is the port that the service's hosts lead to; ok is false for a
// service without hosts.
func (s Service) HostPort() (p Port, ok bool) {
	for _, p := range s.Ports {
		if p.Hosted {
			return p, true
		}
	}
	return Port{}, false
}

// Direct says that the internet reaches tasks without a load balancer.
func (a *App) Direct() bool { return a.Settings.Direct() }
