package blueprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// addJobs adds the jobs. A job is a member of its networks, so that it can reach
// siblings, and has no DNS name.
func (r runner) addJobs(runs map[string]*engine.Node, i images) {
	for _, j := range r.app.JobsOn(app.OnChange) {
		at := r.placing(j.Workload)
		node := r.add(j.Name, ecs.Job{
			Cluster:        r.env.cluster,
			TaskDefinition: r.tasks[j.Name].definition.ARN(),
			Subnets:        at.subnets,
			Strategy:       at.strategy,
			SecurityGroups: r.groups.of(j.Workload),
			PublicIP:       at.publicIPs,
			Family:         Family(r.app, r.facts.Region, j.Name),
			Trigger:        r.trigger(j, i),
			Started:        started(j, runs),
			Exec:           j.Exec,
		}).Label(j.Labels)
		r.startAfter(node, j.Workload)
		runs[j.Name] = node
	}
}

// started are the services of which a task must run before the job does: those
// that it depends on with service_started.
func started(j app.Job, runs map[string]*engine.Node) []engine.Ref {
	var out []engine.Ref
	for _, d := range j.DependsOn {
		node := runs[d.Name]
		if node == nil || d.Condition != app.ConditionStarted {
			continue
		}
		if _, ok := node.Resource.(ecs.Service); ok {
			out = append(out, node.ARN())
		}
	}
	return out
}

// trigger is a hash of the job's task and of the tasks that depend on it: a
// migration runs again when the service that it migrates for has changed.
func (r runner) trigger(j app.Job, i images) string {
	h := sha256.New()
	mix := func(workload app.Workload) {
		_, _ = fmt.Fprintf(h, "%q\n", workload.Name)
		made := r.tasks[workload.Name]
		for _, n := range append(slices.Clip(made.derived), made.definition) {
			for _, a := range engine.AttrsOf(n.Resource) {
				if a.Create || a.Silent {
					continue // it does not cause a new revision either
				}
				_, _ = fmt.Fprintf(h, "%q=%q\n", a.Name, a.Value)
			}
		}
		for _, c := range workload.Containers() {
			if c.Build != nil {
				_, _ = fmt.Fprintf(h, "image=%q\n", i.tag(c.Build))
			}
		}
	}
	mix(j.Workload)
	for _, w := range r.app.Workloads() {
		if slices.ContainsFunc(w.DependsOn, func(d app.Dependency) bool { return d.Name == j.Name }) {
			mix(w)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
