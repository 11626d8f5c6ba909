package blueprint

import (
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/engine"
)

// schedulerPrincipal is the service that assumes the roles of schedules.
const schedulerPrincipal = "scheduler.amazonaws.com"

// scheduleRole begins the addresses of the roles of schedules.
const scheduleRole = "schedule/"

// addSchedules adds the schedules of jobs, in one group. A schedule names the revision
// of its task definition: a release whose jobs before it failed must not change what the
// schedule runs, and a rollback brings the earlier revision back.
func (r runner) addSchedules(runs map[string]*engine.Node) {
	for _, j := range r.app.JobsOn(app.OnSchedule) {
		group := r.once("main", scheduler.Group{Name: scheduler.GroupName(r.owner, r.facts.Region)})
		s, at := j.Trigger.Schedule, r.placing(j.Workload)
		want := scheduler.Schedule{
			Group: group.ID(), Name: r.name(j.Name, scheduler.MaxName),
			Expression: s.Expression.String(), Zone: s.Zone, JitterMinutes: s.JitterMinutes, State: scheduler.Enabled,
			Retries: s.Retries, MaxAge: int(s.MaxAge / time.Second), DeadLetter: r.queueARN(s.DeadLetter),
			Role: r.addScheduleRole(j).ARN(), Call: scheduler.RunTask,
			Cluster: r.env.cluster, TaskDefinition: r.tasks[j.Name].definition.ARN(),
			Subnets: at.subnets, SecurityGroups: r.groups.of(j.Workload), PublicIP: at.publicIPs, Provider: at.provider(), Exec: j.Exec,
		}
		if !s.Enabled {
			want.State = scheduler.Disabled
		}
		if len(s.Input) > 0 {
			want.Container, want.Environment = ContainerName(j.Name), s.Input
		}
		node := r.add(j.Name, want)
		r.startAfter(node, j.Workload)
		runs[j.Name] = node
	}
}

// queueARN is the ARN of a queue that the file names by its name or its ARN.
func (s stack) queueARN(queue string) string {
	if queue == "" || strings.HasPrefix(queue, "arn:") {
		return queue
	}
	return s.arn("sqs", queue)
}

// addScheduleRole adds the role with which a schedule starts its job: the revisions of
// one task definition, in one cluster, with the two roles of its tasks, and nothing else.
// Another group's schedules cannot use it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (r runner) addScheduleRole(j app.Job) *engine.Node {
	cluster := r.clusterARN()
	name := cluster[strings.LastIndexByte(cluster, '/')+1:]
	run := allow([]string{r.arn("ecs", "task-definition/"+Family(r.app, r.facts.Region, j.Name)+":*")}, "ecs:RunTask")
	run.Condition = map[string]map[string][]string{"ArnEquals": {"ecs:cluster": {cluster}}}
	tag := allow([]string{r.arn("ecs", "task/"+name+"/*")}, "ecs:TagResource")
	tag.Condition = map[string]map[string][]string{"StringEquals": {"ecs:CreateAction": {"RunTask"}}}
	statements := []statement{run, tag}
	if roles := r.taskRoles(j.Workload); len(roles) > 0 {
		pass := allow(roles, "iam:PassRole")
		pass.Condition = map[string]map[string][]string{"StringEquals": {"iam:PassedToService": {tasksPrincipal}}}
		statements = append(statements, pass)
	}
	if queue := r.queueARN(j.Trigger.Schedule.DeadLetter); queue != "" {
		statements = append(statements, allow([]string{queue}, "sqs:SendMessage"))
	}
	word := scheduleRole + j.Name
	return r.addRole(word, iam.Role{
		Name: r.name(word, maxRoleName), Path: rolePath(r.app), Service: schedulerPrincipal,
		Source: r.arn("scheduler", "schedule-group/"+scheduler.GroupName(r.owner, r.facts.Region)),
		Inline: map[string]string{"schedule": policy(statements)},
	})
}

// taskRoles are the ARNs of the roles that a workload's tasks have.
func (r runner) taskRoles(w app.Workload) []string {
	var out []string
	add := func(own *engine.Node, existing string) {
		switch {
		case own != nil:
			role, _ := own.Resource.(iam.Role)
			out = append(out, "arn:"+r.facts.Partition+":iam::"+r.facts.Account+":role"+role.Path+role.Name)
		case existing != "":
			out = append(out, existing)
		}
	}
	add(r.tasks[w.Name].start, w.ExecutionRole)
	add(r.tasks[w.Name].role, w.TaskRole)
	return out
}

// clusterARN is the ARN of the stack's cluster, which is known before it is made.
func (r runner) clusterARN() string {
	name := r.app.Settings.Cluster.Value
	switch {
	case name == "":
		name = ecs.ClusterName(r.owner, r.facts.Region)
	case strings.HasPrefix(name, "arn:"):
		return name
	}
	return r.arn("ecs", "cluster/"+name)
}
