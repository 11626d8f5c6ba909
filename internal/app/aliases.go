package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// alias is a further name of a service, as the file writes it.
type alias struct {
	service, name string
	// path is the place in the file that sets the name, key the Compose key there.
	path, key string
	// asked says that the file sets the name as an alias or a link. A name that
	// another key implies (container_name, hostname) is left out with a notice if
	// the service cannot have it.
	asked bool
}

// aliasesOf are the further names of all services, sorted. They are names of the
// whole stack, because it has one namespace: Compose would allow the same name
// for two services in two networks.
func aliasesOf(r reading, jobs map[string]bool, paths map[string]string) map[string][]string {
	aliases := map[string][]string{}
	owners := map[string]alias{}
	for _, name := range sorted(r.project.Compose.Services) {
		owners[strings.ToLower(name)] = alias{service: name, name: name, path: cmp.Or(paths[name], project.Child("services", name)), key: "its name"}
	}
	for _, a := range writtenNames(r) {
		if strings.EqualFold(a.name, a.service) {
			continue
		}
		owner, taken := owners[strings.ToLower(a.name)]
		switch {
		case jobs[a.service]:
			about(r, project.OfService, a.service, a.path, "%s %s has no effect: %s is a job, and jobs have no DNS name", a.key, a.name, a.service)
		case strings.Contains(a.name, "."):
			noName(r, a, "a name with dots is looked up outside of the project's domain", "use a name without dots")
		case len(a.name) > maxService || !serviceName.MatchString(a.name):
			noName(r, a, "the name is not a valid DNS label", fmt.Sprintf("use up to %d letters, digits, hyphens and underscores, a letter or digit at both ends", maxService))
		case taken && owner.service != a.service:
			noName(r, a, fmt.Sprintf("service %s has that name already (%s)", owner.service, r.at(owner.path)), "rename one of them")
		case !taken:
			owners[strings.ToLower(a.name)] = a
			aliases[a.service] = append(aliases[a.service], a.name)
			slices.Sort(aliases[a.service])
		}
	}
	return aliases
}

// noName says that a service does not get a further name.
func noName(r reading, a alias, why, remedy string) {
	if a.asked {
		r.refuse(a.path, fmt.Sprintf("service %s cannot have the alias %s", a.service, a.name), why, remedy)
		return
	}
	about(r, project.OfService, a.service, a.path, "%s %s has no effect: %s", a.key, a.name, why)
}

// writtenNames are the further names in the files: aliases and links first, then
// the names that other keys imply.
func writtenNames(r reading) []alias {
	var asked, brought []alias
	services := r.project.Compose.Services
	for _, name := range sorted(services) {
		s, path := services[name], project.Child("services", name)
		for _, network := range sorted(s.Networks) {
			if s.Networks[network] == nil {
				continue
			}
			for _, a := range s.Networks[network].Aliases {
				asked = append(asked, alias{name, a, project.Child(path+".networks", network) + ".aliases", "the alias", true})
			}
		}
		for i, link := range s.Links {
			target, a, ok := cutLink(link)
			if ok && !r.isManaged(name) {
				asked = append(asked, alias{target, a, project.Item(path+".links", i), "the name", true})
			}
		}
		for _, own := range ownKeys(s) {
			brought = append(brought, alias{name, own.value, path + "." + own.key, own.key, false})
		}
	}
	return append(asked, brought...)
}

// ownKey is a key that names a container, or its host, beside the service.
type ownKey struct{ key, value, who string }

func ownKeys(s types.ServiceConfig) []ownKey {
	return slices.DeleteFunc([]ownKey{
		{"container_name", s.ContainerName, "ECS names the container"}, {"hostname", s.Hostname, "AWS names the host"},
	}, func(k ownKey) bool { return k.value == "" })
}

// sayNames says what container_name and hostname do: siblings find the service
// by them, while the container itself has another name.
func (s subject) sayNames(aliases []string) {
	for _, k := range ownKeys(s.compose) {
		if strings.EqualFold(k.value, s.name) || slices.Contains(aliases, k.value) {
			s.notice(k.key, "%s: %s; for siblings it is one more name of the service", k.key, k.who)
		}
	}
}
