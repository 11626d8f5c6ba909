package aliases

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/project"
)

// MaxLabel is the length of the longest name.
const MaxLabel = 63

var label = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$`)

// IsLabel says whether a text can be a name: it becomes a label of a DNS name.
func IsLabel(text string) bool { return len(text) <= MaxLabel && label.MatchString(text) }

// LabelRemedy says what a name may be.
func LabelRemedy() string {
	return fmt.Sprintf("use up to %d letters, digits, hyphens and underscores, a letter or digit at both ends", MaxLabel)
}

// Services are what must be known of the services.
type Services struct {
	// Task is the service in whose tasks a service runs: itself, or that of a sidecar.
	Task func(name string) string
	// Jobs are the services that are jobs; they have no names. Paths are the places of
	// services that are elsewhere in the files.
	Jobs  map[string]bool
	Paths map[string]string
}

// Aliases are the further names of the services of a project.
type Aliases struct {
	// Problems and Notices are what the package has to say about the files.
	Problems []project.Problem
	Notices  []project.Notice

	project *project.Project
	names   map[string][]string
}

// Of are the further names of a service, sorted. Those of a sidecar are names of the
// service in whose tasks it runs.
func (a *Aliases) Of(service string) []string { return a.names[service] }

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

// Find finds the further names. They are names of the whole stack: Compose would
// allow the same name for two services in two networks.
func Find(p *project.Project, in Services) *Aliases {
	out := &Aliases{project: p, names: map[string][]string{}}
	owners := map[string]alias{}
	for _, name := range sorted(p.Compose.Services) {
		owners[strings.ToLower(name)] = alias{service: in.Task(name), name: name, path: cmp.Or(in.Paths[name], project.Child("services", name)), key: "its name"}
	}
	for _, a := range out.written() {
		own := a.service
		a.service = in.Task(a.service)
		owner, taken := owners[strings.ToLower(a.name)]
		switch {
		case strings.EqualFold(a.name, own), strings.EqualFold(a.name, a.service):
		case in.Jobs[a.service]:
			out.notice(a, "%s %s has no effect: %s is a job, and jobs have no DNS name", a.key, a.name, a.service)
		case strings.Contains(a.name, "."):
			out.without(a, "a name with dots is looked up outside of the project's domain", "use a name without dots")
		case !IsLabel(a.name):
			out.without(a, "the name is not a valid DNS label", LabelRemedy())
		case taken && owner.service != a.service:
			out.without(a, fmt.Sprintf("service %s has that name already (%s)", owner.service, p.Positions.At(owner.path)), "rename one of them")
		case !taken:
			owners[strings.ToLower(a.name)] = a
			out.names[a.service] = append(out.names[a.service], a.name)
			slices.Sort(out.names[a.service])
		}
	}
	return out
}

// without says that a service does not get a further name.
func (a *Aliases) without(of alias, why, remedy string) {
	if of.asked {
		a.Problems = append(a.Problems, project.Problem{
			At: a.project.Positions.At(of.path), What: fmt.Sprintf("service %s cannot have the alias %s", of.service, of.name), Why: why, Remedy: remedy,
		})
		return
	}
	a.notice(of, "%s %s has no effect: %s", of.key, of.name, why)
}

func (a *Aliases) notice(of alias, format string, args ...any) {
	a.Notices = append(a.Notices, project.Notice{
		At: a.project.Positions.At(of.path), Kind: project.OfService, Names: []string{of.service}, Text: fmt.Sprintf(format, args...),
	})
}

// written are the further names in the files: aliases and links first, then the
// names that other keys imply.
func (a *Aliases) written() []alias {
	var asked, implied []alias
	services := a.project.Compose.Services
	for _, name := range sorted(services) {
		s, path := services[name], project.Child("services", name)
		for _, network := range sorted(s.Networks) {
			if s.Networks[network] == nil {
				continue
			}
			for _, further := range s.Networks[network].Aliases {
				asked = append(asked, alias{name, further, project.Child(path+".networks", network) + ".aliases", "the alias", true})
			}
		}
		for i, link := range s.Links {
			target, further, ok := Link(link)
			if ok && a.project.Services[name].Database() == nil {
				asked = append(asked, alias{target, further, project.Item(path+".links", i), "the name", true})
			}
		}
		for _, own := range Implied(s) {
			implied = append(implied, alias{name, own.Value, path + "." + own.Key, own.Key, false})
		}
	}
	return append(asked, implied...)
}

// Link splits an entry of links: TARGET or TARGET:ALIAS.
func Link(text string) (target, alias string, ok bool) { return strings.Cut(text, ":") }

// Name is a key that names a container, or its host, beside the service. Who says
// what names it on AWS.
type Name struct{ Key, Value, Who string }

// Implied are the keys of a service that imply a further name.
func Implied(s types.ServiceConfig) []Name {
	return slices.DeleteFunc([]Name{
		{"container_name", s.ContainerName, "ECS names the container"}, {"hostname", s.Hostname, "AWS names the host"},
	}, func(n Name) bool { return n.Value == "" })
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
