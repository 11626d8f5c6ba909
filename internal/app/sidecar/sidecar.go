package sidecar

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/project"
)

// Sidecars are the sidecars of a project.
type Sidecars struct {
	// Problems and Notices are what the package has to say about the files.
	Problems []project.Problem
	Notices  []project.Notice

	project *project.Project
	// hosts are the services in whose tasks the sidecars run, by sidecar.
	hosts map[string]string
	// ends are the sidecars that end while their task goes on; awaited those of them
	// whose end another container waits for.
	ends, awaited map[string]bool
	essential     map[string]bool
	waits         map[string][]Wait
	restarts      map[string]*Restart
	shares        map[string]Share
	// local are the volumes on a task's disk.
	local map[string]bool
}

// Of finds the sidecars of a project.
func Of(p *project.Project) *Sidecars {
	s := &Sidecars{
		project: p, hosts: map[string]string{}, ends: map[string]bool{}, awaited: map[string]bool{},
		essential: map[string]bool{}, waits: map[string][]Wait{}, restarts: map[string]*Restart{}, local: map[string]bool{}, shares: map[string]Share{},
	}
	s.find()
	s.order()
	for _, name := range slices.Sorted(maps.Keys(p.Compose.Services)) {
		if len(s.In(s.Task(name))) > 0 {
			s.shares[name] = s.shareOf(name)
		}
		if s.hosts[name] == "" {
			s.checkHost(name)
			continue
		}
		s.decideEnd(name)
		s.restarts[name] = s.restartOf(name)
		s.checkKeys(name)
	}
	s.checkTasks()
	s.findLocal()
	return s
}

// Host is the service in whose tasks a service runs; empty for one that has its own.
func (s *Sidecars) Host(name string) string { return s.hosts[name] }

// Task is the service or job whose tasks a container is in: its host, or itself.
func (s *Sidecars) Task(name string) string {
	if host := s.hosts[name]; host != "" {
		return host
	}
	return name
}

// In are the sidecars in the tasks of a service, sorted.
func (s *Sidecars) In(host string) []string {
	var out []string
	for name, of := range s.hosts {
		if of == host {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Essential says whether the task stops when the container of a sidecar does.
func (s *Sidecars) Essential(name string) bool { return s.essential[name] }

// Ends says whether a sidecar ends while its task goes on.
func (s *Sidecars) Ends(name string) bool { return s.ends[name] }

// find fills in hosts. A sidecar of a sidecar is in the same task.
func (s *Sidecars) find() {
	asked := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(s.project.Compose.Services)) {
		if host, ok := s.asked(name); ok {
			asked[name] = host
		}
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		seen, at := []string{name}, asked[name]
		for asked[at] != "" && !slices.Contains(seen, at) {
			seen, at = append(seen, at), asked[at]
		}
		if slices.Contains(seen, at) {
			s.refuse(name, s.Key(name), fmt.Sprintf("it is a sidecar of itself: %s -> %s", strings.Join(seen, " -> "), at), "one of these services must have the tasks",
				"remove "+s.Key(name)+" from the one that the others belong to")
			continue
		}
		s.hosts[name] = at
	}
}

// asked is the service in whose task a service wants to be.
func (s *Sidecars) asked(name string) (host string, ok bool) {
	mode, shares := strings.CutPrefix(s.project.Compose.Services[name].NetworkMode, types.ServicePrefix)
	x := s.project.Services[name].SidecarOf
	if shares && x != "" && mode != x {
		s.refuse(name, "x-berth.sidecar_of", "it is to run in the tasks of "+mode+" and of "+x, "network_mode names "+mode, "name the same service in both, or remove one")
		return "", false
	}
	host = x
	if shares {
		host = mode
	}
	if host == "" {
		return "", false
	}
	key := s.Key(name)
	_, known := s.project.Compose.Services[host]
	_, off := s.project.Compose.DisabledServices[host]
	switch {
	case host == name:
		s.refuse(name, key, "it is a sidecar of itself", "", "name the service whose tasks it is to run in, or remove "+key)
	case off:
		s.refuse(name, key, "it is a sidecar of "+host+", which is switched off", "it has no tasks of its own", "switch "+host+" on with its profile, or give "+name+" the same profile")
	case !known:
		s.refuse(name, key, "it is a sidecar of "+host+", which is not in the file", "", "write the name of a service in the file")
	case s.managed(host):
		s.refuse(name, key, "it is a sidecar of "+host+", which AWS runs as a managed database", "there is no task that it could be in", "run it as a service of its own, or "+host+" as a container")
	case s.managed(name):
		s.refuse(name, "x-berth.managed", "a managed database cannot be a sidecar", "AWS runs it outside of every task", "remove x-berth.managed, or "+key)
	default:
		return host, true
	}
	return "", false
}

// Key is the key that makes a service a sidecar.
func (s *Sidecars) Key(name string) string {
	if s.project.Services[name].SidecarOf != "" {
		return "x-berth.sidecar_of"
	}
	return "network_mode"
}

func (s *Sidecars) managed(name string) bool { return s.project.Services[name].Database() != nil }

func (s *Sidecars) at(name, key string) project.Position {
	return s.project.Positions.At(path(name, key))
}

func (s *Sidecars) has(name, key string) bool { return s.project.Positions.Has(path(name, key)) }

func path(name, key string) string {
	if key == "" {
		return project.Child("services", name)
	}
	return project.Child("services", name) + "." + key
}

// refuse adds a problem of one key of a service.
func (s *Sidecars) refuse(name, key, what, why, remedy string) {
	s.Problems = append(s.Problems, project.Problem{At: s.at(name, key), What: "service " + name + ": " + what, Why: why, Remedy: remedy})
}

func (s *Sidecars) notice(name, key, format string, args ...any) {
	s.Notices = append(s.Notices, project.Notice{
		At: s.at(name, key), Kind: project.OfService, Names: []string{name}, Text: fmt.Sprintf(format, args...),
	})
}
