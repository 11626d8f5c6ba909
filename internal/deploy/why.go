package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/why"
)

// Why says why something does not run, or did not: services, jobs and databases by
// their names, tasks by their ids or the beginnings of them, releases by theirs.
// Without any it answers for everything, the last release included if it failed. What
// works is answered, too.
func Why(ctx context.Context, p *Project, asked ...string) ([]why.Answer, error) {
	q := &question{project: p, answers: []why.Answer{}}
	var err error
	if q.table, err = p.Outputs(); err != nil {
		return nil, err
	}
	if len(asked) == 0 {
		err = q.all(ctx)
		return q.answers, err
	}
	for _, name := range asked {
		if err := q.one(ctx, name); err != nil {
			return nil, err
		}
	}
	return q.answers, nil
}

// question is what Why was asked, with the answers so far.
type question struct {
	project *Project
	table   blueprint.Outputs
	answers []why.Answer
}

func (q *question) all(ctx context.Context) error {
	if last, err := q.project.lastRelease(ctx); err == nil && last != nil && last.Outcome == state.Failed {
		q.answers = append(q.answers, releaseAnswer(*last))
	}
	var subjects []why.Subject
	for _, w := range q.table.Workloads() {
		subjects = append(subjects, subjectOf(q.table, q.project, w))
	}
	if err := q.ask(ctx, subjects...); err != nil {
		return err
	}
	return q.databases(ctx, nil)
}

// one answers for one name or id.
func (q *question) one(ctx context.Context, name string) error {
	if of, ok := q.project.Source.App.TaskOf(name); ok {
		name = of
	}
	for _, w := range q.table.Workloads() {
		if w.Name == name {
			return q.ask(ctx, subjectOf(q.table, q.project, w))
		}
	}
	if _, ok := q.project.Source.App.Database(name); ok {
		return q.databases(ctx, []string{name})
	}
	if found, err := q.release(ctx, name); found || err != nil {
		return err
	}
	if found, err := q.task(ctx, ecs.LastPart(name)); found || err != nil {
		return err
	}
	if strings.Trim(name, "0123456789abcdef-TZ") == "" {
		return &UnknownIDError{name}
	}
	return q.project.CheckNames([]string{name})
}

// ask asks about subjects side by side.
func (q *question) ask(ctx context.Context, subjects ...why.Subject) error {
	out := make([]why.Answer, len(subjects))
	t := q.project.Target
	err := concurrent.Each(subjects, func(i int, s why.Subject) (err error) {
		out[i], err = why.Of(ctx, t.Clients, s, t.Clock.Now())
		return err
	})
	q.answers = append(q.answers, out...)
	return err
}

// subjectOf is what why needs to know about a service or job.
func subjectOf(table blueprint.Outputs, p *Project, w blueprint.WorkloadOutput) why.Subject {
	out := why.Subject{
		Name: w.Name, Container: w.Container, Cluster: table.Cluster, Family: w.Family, LogGroup: w.LogGroup,
		Environment: p.Source.App.Environment,
	}
	if s, ok := table.Service(w.Name); ok {
		out.Service = s.ECSName
	}
	for _, s := range table.Services {
		if s.Name != w.Name {
			out.Neighbours = append(out.Neighbours, why.Neighbour{Name: s.Name, Service: s.ECSName, Names: append([]string{s.Name, s.Host}, s.Names...)})
		}
	}
	out.Databases = databasesOf(table, nil)
	return out
}

// task answers for the task of the project whose id begins so, running or ended.
func (q *question) task(ctx context.Context, id string) (found bool, err error) {
	const shortest = 6
	if len(id) < shortest {
		return false, nil
	}
	subjects, err := concurrent.Gather(q.table.Workloads(), 1, func(one []blueprint.WorkloadOutput) ([]why.Subject, error) {
		return q.tasks(ctx, one[0], id)
	})
	if err != nil {
		return false, err
	}
	if len(subjects) > 1 {
		return true, fmt.Errorf("%s begins the ids of %d tasks: write more of it", id, len(subjects))
	}
	return len(subjects) == 1, q.ask(ctx, subjects...)
}

// tasks are the tasks of a workload whose ids begin so.
func (q *question) tasks(ctx context.Context, w blueprint.WorkloadOutput, id string) ([]why.Subject, error) {
	return concurrent.Gather([]types.DesiredStatus{types.DesiredStatusRunning, types.DesiredStatusStopped}, 1,
		func(one []types.DesiredStatus) (found []why.Subject, err error) {
			list, err := tasks.List(ctx, q.project.Target.Clients.ECS, &awsecs.ListTasksInput{
				Cluster: &q.table.Cluster, Family: aws.String(w.Family), DesiredStatus: one[0],
			})
			for _, t := range list {
				if whole := ecs.LastPart(aws.ToString(t.TaskArn)); strings.HasPrefix(whole, id) {
					s := subjectOf(q.table, q.project, w)
					s.Task, s.Service = whole, ""
					found = append(found, s)
				}
			}
			return found, err
		})
}

// release answers for the release whose id begins so.
func (q *question) release(ctx context.Context, id string) (found bool, err error) {
	const most, shortest = 100, 8
	if len(id) < shortest || strings.Trim(id[:shortest], "0123456789") != "" {
		return false, nil
	}
	list, _, err := q.project.Releases().Latest(ctx, q.project.Stack(), most)
	if err != nil {
		return false, err
	}
	var fits []state.Release
	for _, r := range list {
		if strings.HasPrefix(r.ID, id) {
			fits = append(fits, r)
		}
	}
	switch {
	case len(fits) == 0:
		return false, nil
	case len(fits) > 1:
		return true, fmt.Errorf("%s begins the ids of %d releases: write more of it", id, len(fits))
	}
	q.answers = append(q.answers, releaseAnswer(fits[0]))
	if fits[0].ID != list[0].ID || fits[0].Outcome == state.Succeeded {
		return true, nil
	}
	var subjects []why.Subject // of the last release, ECS may still know more
	for _, w := range q.table.Workloads() {
		if s, ok := fits[0].Services[w.Name]; ok && s.Instead != nil {
			subjects = append(subjects, subjectOf(q.table, q.project, w))
		}
	}
	return true, q.ask(ctx, subjects...)
}

// releaseAnswer is what the record of a release says.
func releaseAnswer(r state.Release) why.Answer {
	out := why.Answer{Name: "release " + r.ID, State: why.Wrong, Code: "release_" + r.Outcome}
	lines := strings.Split(strings.TrimSpace(r.Error), "\n")
	switch r.Outcome {
	case state.Succeeded:
		out.State, out.Code, out.Cause = why.Well, "", "nothing was wrong: the release succeeded"
		return out
	case state.Unhealthy:
		out.Cause, out.Next = "a service did not become healthy, or a job failed", "`berth why` says what is wrong now"
	default:
		out.Cause, out.Next = "the run failed", "`berth up` goes on from there"
	}
	if lines[0] != "" {
		out.Cause += ": " + lines[0]
		out.Evidence = lines[1:]
	}
	return out
}

// databases answers for managed databases of these names, or for all.
func (q *question) databases(ctx context.Context, names []string) error {
	wanted := databasesOf(q.table, names)
	found, err := q.project.databases(ctx, q.table, names)
	for _, d := range found {
		i := slices.IndexFunc(wanted, func(w status.WantedDatabase) bool { return w.Name == d.Name })
		q.answers = append(q.answers, why.Database(d, wanted[i]))
	}
	if gate.IsNotFound(err) {
		return nil
	}
	return err
}

// UnknownIDError says that neither a task nor a release of the project has an id.
type UnknownIDError struct{ ID string }

func (e *UnknownIDError) Error() string {
	return "no task and no release " + e.ID + ": ECS forgets tasks an hour after their end"
}

// Remedy is what the user can do.
func (*UnknownIDError) Remedy() string {
	return "`berth history` lists the releases, `berth ps` the tasks; `berth logs` shows what is kept"
}
