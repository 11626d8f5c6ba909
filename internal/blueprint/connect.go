package blueprint

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// connect is a service's configuration of Service Connect: it is a client of all
// siblings, and under its own name a server of each TCP port that siblings may
// reach.
func (r runner) connect(s app.Service, dns privateDNS) *ecs.Connect {
	if !r.connects() {
		return nil
	}
	c := &ecs.Connect{Namespace: dns.namespace.ARN()}
	if !s.Logging.Off {
		c.LogGroup, c.LogRegion, c.LogPrefix = LogGroupName(r.app, s.Name), r.facts.Region, "connect"
	}
	for _, e := range s.Exposed {
		if !serves(e) {
			continue
		}
		port := strconv.Itoa(e.From)
		c.Services = append(c.Services, ecs.ConnectService{
			PortName: app.AppTCP + "-" + port,
			// The DNS name uses the plain name in the namespace already.
			DiscoveryName: cloudmap.ConnectPrefix + s.Name + "-" + port,
			Alias:         s.Name, AliasPort: e.From,
		})
	}
	return c
}

// serves says whether Service Connect can offer a port.
func serves(e app.Exposed) bool { return e.From == e.To && e.Protocol == app.AppTCP }

// siblingsLabel is a label of the container that lists the servers among a
// service's siblings. Running tasks never see servers that were added later, so a
// new server must replace them: it changes the label.
func (t taskStage) siblingsLabel(w app.Workload) map[string]string {
	if !t.connects() {
		return nil
	}
	var names []string
	for _, other := range t.siblings(w) {
		if slices.ContainsFunc(other.Exposed, serves) {
			names = append(names, other.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return map[string]string{"berth.siblings": strings.Join(names, ",")}
}

// addServersFirst makes clients wait for their servers, because the proxy of a task
// knows only the names that existed when its service was deployed. A service is a
// client of the services in its depends_on, and of those that its environment or
// command names; of two services that name each other only one can be first.
func (s stack) addServersFirst(runs map[string]*engine.Node) {
	if !s.connects() {
		return
	}
	servers := map[string][]string{}
	for _, client := range s.app.Services {
		for _, d := range client.DependsOn {
			servers[client.Name] = append(servers[client.Name], d.Name)
		}
	}
	for _, client := range s.app.Services {
		for _, server := range s.siblings(client.Workload) {
			if !mentions(client.Workload, server.Name) || reaches(servers, server.Name, client.Name) {
				continue
			}
			servers[client.Name] = append(servers[client.Name], server.Name)
			runs[client.Name].After(runs[server.Name], engine.Created)
		}
	}
}

// reaches says whether the edges lead from one service to another.
func reaches(edges map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(at string) bool {
		if at == to {
			return true
		}
		if seen[at] {
			return false
		}
		seen[at] = true
		return slices.ContainsFunc(edges[at], visit)
	}
	return visit(from)
}

// mentions says whether a name is a separate word in the environment or command of one
// of a workload's containers.
func mentions(w app.Workload, name string) bool {
	var texts []string
	for _, c := range w.Containers() {
		texts = slices.Concat(texts, c.Command, c.Entrypoint)
		for _, v := range c.Env {
			texts = append(texts, v)
		}
	}
	return slices.ContainsFunc(texts, func(text string) bool { return hasWord(text, name) })
}

func hasWord(text, word string) bool {
	inside := func(r rune) bool { return r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	for _, found := range strings.FieldsFunc(text, func(r rune) bool { return !inside(r) }) {
		if found == word {
			return true
		}
	}
	return false
}

// hostVariable is the environment variable with the host of a sibling.
func hostVariable(service string) string {
	return ecs.SiblingPrefix + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, service)
}
