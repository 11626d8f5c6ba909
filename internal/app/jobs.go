package app

import (
	"slices"

	"github.com/berthdev/berth/internal/app/aliases"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// jobsOf finds the jobs among the services: one that the file does not restart
// (restart: "no" is set, and it has no ports and no healthcheck), and one whose
// end another service waits for, and one with a schedule. A sidecar is none.
func jobsOf(r reading, c *sidecar.Sidecars) map[string]bool {
	jobs := map[string]bool{}
	for _, name := range sorted(r.project.Compose.Services) {
		s := r.project.Compose.Services[name]
		ends := mayEnd(r, name, s) && len(s.Ports) == 0 && (s.HealthCheck == nil || s.HealthCheck.Disable)
		if (ends || r.project.Services[name].Schedule != nil) && !r.isManaged(name) && c.Host(name) == "" {
			jobs[name] = true
		}
		for other, d := range s.DependsOn {
			if d.Condition == types.ServiceConditionCompletedSuccessfully && !r.isManaged(other) && c.Host(other) == "" {
				jobs[other] = true
			}
		}
	}
	return jobs
}

// mayEnd says whether the file asks not to restart a service.
func mayEnd(r reading, name string, s types.ServiceConfig) bool {
	if s.Deploy != nil && s.Deploy.RestartPolicy != nil && s.Deploy.RestartPolicy.Condition == "none" {
		return true
	}
	return s.Restart == types.RestartPolicyNo && r.project.Positions.Has(project.Child("services", name)+".restart")
}

// checkJob refuses keys that a job cannot have.
func checkJob(s subject) {
	scaling.CheckFixed(s.x.Scaling(), "job", "remove autoscaling", s.refuse)
	rollout.CheckNone(rollout.Subject{Refuse: s.refuse}, s.x.Rollout(), "job")
	c := s.compose
	why, without := "another service waits for its end", "the condition service_completed_successfully"
	if s.x.Schedule != nil {
		why, without = "it has a schedule", "x-berth.schedule"
	}
	if len(c.Ports) > 0 {
		s.refuse("ports", "a job cannot have ports", "it is a job because "+why, "remove ports, or "+without)
	}
	if c.Restart != "" && c.Restart != types.RestartPolicyNo {
		s.notice("restart", "restart %s has no effect: %s, so it is a job, which runs to its end", c.Restart, why)
	}
	if n := c.GetScale(); n != 1 && (c.Scale != nil || c.Deploy != nil && c.Deploy.Replicas != nil) {
		s.notice("deploy.replicas", "the number of replicas has no effect: a job runs as one task at a time")
	}
}

// dependenciesOf translates depends_on and links.
func (w *workloads) dependenciesOf(s subject) []Dependency {
	var out []Dependency
	for _, other := range sorted(s.compose.DependsOn) {
		name := w.sidecars.Task(other)
		if _, ok := w.project.Compose.Services[other]; !ok || name == w.sidecars.Task(s.name) {
			continue // within a task it is a matter of its containers
		}
		d := Dependency{Name: name, Condition: ConditionStarted}
		key := "depends_on." + other
		switch s.compose.DependsOn[other].Condition {
		case types.ServiceConditionHealthy:
			d.Condition = ConditionHealthy
		case types.ServiceConditionCompletedSuccessfully:
			d.Condition = ConditionCompleted
		}
		switch {
		case w.isManaged(name) && d.Condition == ConditionCompleted:
			s.refuse(key, "it waits for "+name+" to end, which is a database", "a database does not end", "write condition: service_healthy")
		case w.jobs[name] && w.project.Services[name].Schedule != nil && d.Condition != ConditionStarted:
			s.refuse(key, "it waits for "+name+", which runs on a schedule", "up does not run it", "write condition: service_started, or wait for another job")
		case w.project.Services[name].Schedule != nil && w.jobs[name]:
			s.notice(key, "it does not wait for a run of %s, which its schedule starts", name)
		case w.jobs[name] && d.Condition == ConditionHealthy:
			s.refuse(key, "it waits for "+name+" to be healthy, which is a job", "a job ends and has no health", "write condition: service_completed_successfully")
		case w.jobs[name] && d.Condition == ConditionStarted:
			s.notice(key, "it does not wait for the job %s to end; condition: service_completed_successfully would", name)
		}
		out = append(out, d)
	}
	for i, link := range s.compose.Links {
		target, name, ok := aliases.Link(link)
		if ok && slices.Contains(w.aliases.Of(target), name) {
			s.notice(item("links", i), "links: %s leads to %s for all services of the project", name, target)
			continue
		}
		s.notice(item("links", i), "links: %s sets the order only; siblings reach each other by name without it", target)
	}
	return out
}
