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

// addJobs adds the jobs. A job is a member of its networks, so that it reaches
// siblings, and has no name of its own.
func (b *builder) addJobs() {
	for _, j := range b.app.Jobs {
		task := b.tasks[j.Name]
		node := b.graph.Add(b.stack, j.Name, ecs.Job{
			Cluster:        b.cluster,
			TaskDefinition: task.ARN(),
			Subnets:        b.taskSubnets(),
			SecurityGroups: b.taskGroups(j.Workload),
			PublicIP:       !b.privateTasks(),
			Family:         Family(b.app, b.facts.Region, j.Name),
			Trigger:        b.trigger(j),
		}).Label(j.Labels)
		b.runsAfter(node, j.Workload)
		b.runs[j.Name] = node
	}
}

// trigger is a hash of the job's task and of the tasks that depend on it: a
// migration runs again when the service that it migrates for has changed.
func (b *builder) trigger(j app.Job) string {
	h := sha256.New()
	mix := func(workload string) {
		_, _ = fmt.Fprintf(h, "%q\n", workload)
		for _, n := range append(b.derived[workload], b.tasks[workload]) {
			for _, a := range engine.AttrsOf(n.Resource) {
				if a.Create {
					continue // it is no reason for a new revision either
				}
				_, _ = fmt.Fprintf(h, "%q=%q\n", a.Name, a.Value)
			}
		}
		if build := b.app.BuildOf(workload); build != nil {
			_, _ = fmt.Fprintf(h, "image=%q\n", b.tag(build))
		}
	}
	mix(j.Name)
	for _, w := range b.app.Workloads() {
		if slices.ContainsFunc(w.DependsOn, func(d app.Dependency) bool { return d.Name == j.Name }) {
			mix(w.Name)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// addOrder makes services and jobs wait for those that they depend on.
func (b *builder) addOrder() error {
	for _, w := range b.app.Workloads() {
		for _, d := range w.DependsOn {
			other := b.runs[d.Name]
			if other == nil {
				return fmt.Errorf("%s depends on %s, which is not there", w.Name, d.Name)
			}
			need := engine.Ready
			if d.Condition == app.ConditionStarted {
				need = engine.Created
			}
			b.runs[w.Name].After(other, need)
		}
	}
	b.addServersFirst()
	return nil
}
