package app

import (
	"slices"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// findJobs tells jobs from services: a service that the file lets end (restart
// "no" written down, no ports, no healthcheck), and one whose end another
// service waits for.
func (t *translator) findJobs() {
	for _, name := range sorted(t.project.Compose.Services) {
		s := t.project.Compose.Services[name]
		if t.mayEnd(name, s) && !t.isManaged(name) && len(s.Ports) == 0 && (s.HealthCheck == nil || s.HealthCheck.Disable) {
			t.jobs[name] = true
		}
		for other, d := range s.DependsOn {
			if d.Condition == types.ServiceConditionCompletedSuccessfully && !t.isManaged(other) {
				t.jobs[other] = true
			}
		}
	}
}

// mayEnd says whether the file says that a service is not restarted.
func (t *translator) mayEnd(name string, s types.ServiceConfig) bool {
	if s.Deploy != nil && s.Deploy.RestartPolicy != nil && s.Deploy.RestartPolicy.Condition == "none" {
		return true
	}
	return s.Restart == types.RestartPolicyNo && t.project.Positions.Has(project.Child("services", name)+".restart")
}

// checkJob refuses what a job cannot be.
func (w *workload) checkJob() {
	c := w.compose
	if len(c.Ports) > 0 {
		w.refuse("ports", "a job has no ports", "another service waits for its end", "take ports out, or the condition service_completed_successfully")
	}
	if c.Restart != "" && c.Restart != types.RestartPolicyNo {
		w.notice("restart", "restart %s has no effect: another service waits for its end, so it is a job, which runs once", c.Restart)
	}
	if n := c.GetScale(); n != 1 && (c.Scale != nil || c.Deploy != nil && c.Deploy.Replicas != nil) {
		w.notice("deploy.replicas", "the number of replicas has no effect: a job runs once at a time")
	}
}

// dependencies takes over depends_on, links and their like.
func (w *workload) dependencies() {
	for _, name := range sorted(w.compose.DependsOn) {
		if _, ok := w.project.Compose.Services[name]; !ok {
			continue
		}
		d := Dependency{Name: name, Condition: ConditionStarted}
		key := "depends_on." + name
		switch w.compose.DependsOn[name].Condition {
		case types.ServiceConditionHealthy:
			d.Condition = ConditionHealthy
		case types.ServiceConditionCompletedSuccessfully:
			d.Condition = ConditionCompleted
		}
		switch {
		case w.isManaged(name) && d.Condition == ConditionCompleted:
			w.refuse(key, "it waits for the end of "+name+", which is a database", "a database does not end", "write condition: service_healthy")
		case w.jobs[name] && d.Condition == ConditionHealthy:
			w.refuse(key, "it waits for the health of "+name+", which is a job", "a job ends and has no health", "write condition: service_completed_successfully")
		case w.jobs[name] && d.Condition == ConditionStarted:
			w.notice(key, "it does not wait for the end of the job %s; condition: service_completed_successfully would", name)
		}
		w.DependsOn = append(w.DependsOn, d)
	}
	for i, link := range w.compose.Links {
		target, name, ok := cutLink(link)
		if ok && slices.Contains(w.aliases[target], name) {
			w.notice(item("links", i), "links: %s leads to %s for all services of the project", name, target)
			continue
		}
		w.notice(item("links", i), "links: %s sets the order only; siblings have their own names anyway", target)
	}
}

func cutLink(link string) (target, alias string, ok bool) {
	i := slices.Index([]byte(link), ':')
	if i < 0 {
		return link, "", false
	}
	return link[:i], link[i+1:], true
}
