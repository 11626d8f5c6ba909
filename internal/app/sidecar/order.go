package sidecar

import (
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Wait makes a container wait for another one of its task before it starts.
type Wait struct {
	// For is the service that the other container is of.
	For string
	// Until is what the other one must have reached.
	Until Condition
}

// Condition is what a container can wait for, in ECS's words.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
type Condition string

// The conditions: it has started, its check succeeds, it has ended, it has ended
// with exit code 0.
const (
	Started   Condition = "START"
	Healthy   Condition = "HEALTHY"
	Completed Condition = "COMPLETE"
	Succeeded Condition = "SUCCESS"
)

// Waits are the containers of its task that a service's container waits for, by
// their names.
func (s *Sidecars) Waits(name string) []Wait { return s.waits[name] }

// order finds what the containers of each task wait for.
func (s *Sidecars) order() {
	for _, name := range slices.Sorted(maps.Keys(s.project.Compose.Services)) {
		depends := s.project.Compose.Services[name].DependsOn
		for _, other := range slices.Sorted(maps.Keys(depends)) {
			_, known := s.project.Compose.Services[other]
			d, key := depends[other], "depends_on."+other
			switch {
			case !known || Implied(d):
			case s.Task(name) != s.Task(other):
				if d.Condition == types.ServiceConditionCompletedSuccessfully && s.hosts[other] != "" {
					s.refuse(name, key, "it waits for the end of "+other+", which is a sidecar of "+s.hosts[other], "it runs in every task of "+s.hosts[other]+", each time that one starts",
						"wait for "+s.hosts[other]+", or make "+other+" a job by removing "+s.Key(other))
				}
			default:
				if w, ok := s.wait(name, other, key, d); ok {
					s.waits[name] = append(s.waits[name], w)
				}
			}
		}
	}
}

// Implied says whether a dependency is not written in depends_on: Compose adds one to
// a service for network_mode, links and volumes_from. In a task none of these needs
// an order.
func Implied(d types.ServiceDependency) bool {
	return d.Condition == types.ServiceConditionStarted && d.Restart && d.Required
}

// wait is one dependency within a task.
func (s *Sidecars) wait(name, other, key string, d types.ServiceDependency) (Wait, bool) {
	w := Wait{For: other, Until: Started}
	switch d.Condition {
	case types.ServiceConditionHealthy:
		w.Until = Healthy
		if !s.checked(other) {
			s.refuse(name, key, "it waits for "+other+" to be healthy, which has no healthcheck", "ECS does not use the check of an image",
				"add a healthcheck to "+other+", or write condition: service_started")
			return w, false
		}
	case types.ServiceConditionCompletedSuccessfully:
		w.Until = Succeeded
		if !d.Required {
			w.Until = Completed // Compose goes on after a failure, too
		}
		if s.hosts[other] == "" {
			s.refuse(name, key, "it waits for the end of "+other+", whose tasks it runs in", "the task ends with "+other, "write condition: service_started or service_healthy")
			return w, false
		}
		s.awaited[other] = true
	}
	return w, true
}

func (s *Sidecars) checked(name string) bool {
	h := s.project.Compose.Services[name].HealthCheck
	return h != nil && !h.Disable && len(h.Test) > 1 && h.Test[0] != "NONE"
}

// checkTasks refuses tasks that wait for each other: the file may let a sidecar wait
// for a service that waits for the sidecar's host.
func (s *Sidecars) checkTasks() {
	if len(s.hosts) == 0 {
		return
	}
	edges := map[string]map[string][2]string{} // task -> task -> the dependency
	for _, name := range slices.Sorted(maps.Keys(s.project.Compose.Services)) {
		depends := s.project.Compose.Services[name].DependsOn
		for _, other := range slices.Sorted(maps.Keys(depends)) {
			from, to := s.Task(name), s.Task(other)
			if _, known := s.project.Compose.Services[other]; !known || from == to {
				continue
			}
			if edges[from] == nil {
				edges[from] = map[string][2]string{}
			}
			if _, have := edges[from][to]; !have {
				edges[from][to] = [2]string{name, other}
			}
		}
	}
	done := map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(edges)) {
		s.searchCycle(edges, done, []string{from})
	}
}

// searchCycle follows the edges from the end of a path, and refuses the first cycle.
func (s *Sidecars) searchCycle(edges map[string]map[string][2]string, done map[string]bool, along []string) {
	at := along[len(along)-1]
	if done[at] {
		return
	}
	for _, next := range slices.Sorted(maps.Keys(edges[at])) {
		if i := slices.Index(along, next); i >= 0 {
			of := edges[at][next]
			s.refuse(of[0], "depends_on."+of[1], "tasks would wait for each other: "+strings.Join(append(along[i:], next), " -> "),
				"a task starts with all of its containers, so each waits for what any of them depends on", "remove this dependency")
			continue
		}
		s.searchCycle(edges, done, append(slices.Clip(along), next))
	}
	done[at] = true
}
