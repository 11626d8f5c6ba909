package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/project"
)

// sidecar translates a container that runs in the tasks of another service.
func (w *workloads) sidecar(s subject) {
	image, hosts, work := w.workload(s)
	checkJobPorts(s)
	w.joining = append(w.joining, joining{subject: s, image: image, hosts: hosts, made: Sidecar{
		Workload: work, Essential: w.sidecars.Essential(s.name), Ends: w.sidecars.Ends(s.name), Restart: w.sidecars.Restart(s.name),
		HealthPath: s.x.Health.Path, HealthPort: s.x.Health.Port,
	}})
}

// joining is a sidecar that has not joined its workload yet.
type joining struct {
	subject
	image image
	made  Sidecar
	hosts []Host
}

// join puts the sidecars into their workloads.
func (w *workloads) join() {
	for _, j := range w.joining {
		for i := range w.app.Services {
			if s := &w.app.Services[i]; s.Name == j.host {
				j.publish(s)
				j.joinTask(&s.Workload)
				checkNetwork(j.subject, *s)
			}
		}
		for i := range w.app.Jobs {
			if job := &w.app.Jobs[i]; job.Name == j.host {
				j.joinTask(&job.Workload)
			}
		}
	}
}

// joinTask puts a sidecar into a task.
func (j joining) joinTask(w *Workload) {
	j.sayAddress(w)
	j.checkPorts(*w)
	if !j.job {
		j.openPorts(w)
	}
	for _, d := range j.made.DependsOn {
		if !slices.ContainsFunc(w.DependsOn, func(o Dependency) bool { return o.Name == d.Name && o.Condition == d.Condition }) {
			w.DependsOn = append(w.DependsOn, d)
		}
	}
	slices.SortStableFunc(w.DependsOn, func(a, b Dependency) int { return cmp.Compare(a.Name, b.Name) })
	j.joinPolicies(w)
	j.checkGroups(*w)
	w.Sidecars = append(w.Sidecars, j.made)
}

// openPorts gives a workload the ports of its sidecar.
func (j joining) openPorts(w *Workload) {
	for _, p := range j.made.Ports {
		p.In = j.name
		w.Ports = append(w.Ports, p)
	}
	for _, e := range j.made.Exposed {
		e.In = j.name
		w.Exposed = append(w.Exposed, e)
	}
	slices.SortStableFunc(w.Exposed, byPort)
}

// publish gives a service the hosts of its sidecar. A sidecar that keeps a database on
// a volume decides how the tasks are replaced.
func (j joining) publish(s *Service) {
	if keepsDatabase(j.subject, j.image) {
		of := j.subject
		of.name, of.path = s.Name, project.Child("services", s.Name)
		of.compose, of.x = j.project.Compose.Services[s.Name], j.project.Services[s.Name]
		lone{subject: of, image: j.image, mounts: j.made.Mounts}.update(&s.Update, s.Replicas)
	}
	switch {
	case len(j.hosts) > 0 && len(s.Hosts) > 0:
		j.refuse("x-berth.host", "both it and "+s.Name+" have hosts", "the hosts of a service lead to one port of its tasks", "write all hosts in the one whose port they lead to")
	case len(j.hosts) > 0:
		s.Hosts = j.hosts
	}
}

// sayAddress says where the containers of a task and others reach the sidecar.
func (j joining) sayAddress(w *Workload) {
	others := ""
	if !j.job && len(j.made.Exposed) > 0 && !j.made.Ends {
		w.Aliases = append(w.Aliases, j.name)
		slices.Sort(w.Aliases)
		others = "; others reach its ports at " + w.Name + " or " + j.name
	}
	j.notice(j.sidecars.Key(j.name), "runs in the tasks of %s, whose containers reach each other at 127.0.0.1%s", w.Name, others)
}

// checkPorts refuses a port that another container of the task has, too.
func (j joining) checkPorts(w Workload) {
	for _, e := range j.made.Exposed {
		for _, c := range w.Containers() {
			for _, o := range c.Exposed {
				if o.In != "" || e.Protocol != o.Protocol || e.To < o.From || o.To < e.From {
					continue
				}
				j.problems.Add(Problem{
					At: ParsePosition(listens(j.made.Workload, e)), What: fmt.Sprintf("service %s: port %d is that of %s, too (%s)", j.name, max(e.From, o.From), c.Name, listens(c, o)),
					Why: "the containers of a task share its ports", Remedy: "let one of them listen on another port, and name each port only where the program listens",
				})
				return
			}
		}
	}
}

// listens is the file:line that says that a container listens on a port.
func listens(w Workload, e Exposed) string {
	for _, p := range w.Ports {
		if p.Protocol == e.Protocol && p.Container == e.From && p.In == "" {
			return p.Origin
		}
	}
	return w.Origin
}

// joinPolicies gives the role of a task what a sidecar may do.
func (j joining) joinPolicies(w *Workload) {
	if j.made.Policies.Empty() {
		return
	}
	j.notice("x-berth.policies", "all containers of %s's tasks have the permissions: a task has one role", w.Name)
	w.Policies.Managed = uniqueTexts(append(slices.Clone(w.Policies.Managed), j.made.Policies.Managed...))
	var all []json.RawMessage
	for _, text := range []string{w.Policies.Statements, j.made.Policies.Statements} {
		var list []json.RawMessage
		// policies.Of wrote the text, so it can be read.
		if text != "" && json.Unmarshal([]byte(text), &list) == nil {
			all = append(all, list...)
		}
	}
	if text, err := json.Marshal(all); err == nil && len(all) > 0 {
		w.Policies.Statements = string(text)
	}
	if w.TaskRole != "" {
		j.refuse("x-berth.policies", "policies cannot be added to an existing task role", "berth never changes "+w.TaskRole, "add them to that role yourself, or remove task_role_arn")
	}
}

func uniqueTexts(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// checkGroups refuses a volume of a sidecar that would put the tasks into more
// security groups than AWS allows.
func (j joining) checkGroups(w Workload) {
	if own := 1 + len(w.Networks) + len(w.SecurityGroups); own >= 5 && j.mountsOwn(j.compose) {
		j.refuse("volumes", "the tasks of "+w.Name+" would be in too many security groups", "with a volume AWS allows 3 networks and existing groups", "put "+w.Name+" into fewer networks")
	}
}

// checkJobPorts gives notice of the ports of a sidecar of a job.
func checkJobPorts(s subject) {
	if s.job && len(s.compose.Ports) > 0 {
		s.notice("ports", "ports have no effect: nothing reaches a job from outside, and its own containers reach the sidecar at 127.0.0.1")
	}
}

// besides is what the other containers of a task ask for together, with their names.
func (w *workloads) besides(name string) (size capacity.Size, names []string) {
	host := w.sidecars.Task(name)
	for _, other := range append([]string{host}, w.sidecars.In(host)...) {
		if other == name {
			continue
		}
		names = append(names, other)
		o := subject{reading: w.reading, name: other, compose: w.project.Compose.Services[other]}.wantedSize()
		size = size.Plus(o)
	}
	return size, names
}

// together says which containers ask for the size of a task.
func together(s subject) string {
	if len(s.others) == 0 {
		return ""
	}
	return ", for " + strings.Join(append([]string{s.name}, s.others...), ", ")
}
