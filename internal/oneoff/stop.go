package oneoff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
)

// Task is a task of a project that can be stopped.
type Task struct {
	// ID is its id, Workload the service or job whose definition it runs.
	ID, Workload string
	// OfService says that it belongs to a service, which replaces it, and OneOff that
	// `berth run` has started it. Otherwise `berth up` runs it as a job.
	OfService, OneOff bool

	cluster string
}

// UnknownTaskError says that the project has no running task of that id.
type UnknownTaskError struct{ Task string }

func (e *UnknownTaskError) Error() string { return fmt.Sprintf("no running task %s", e.Task) }

// Remedy is what the user can do.
func (*UnknownTaskError) Remedy() string { return "`berth ps` lists the tasks" }

const (
	// wholeID is the length of a task's id.
	wholeID = 32
	// unlisted is how long ECS may not list a task that it has started.
	unlisted = 5 * time.Second
)

// Find finds the running task of the project with this id, or with an id that begins
// so: eight characters are usually enough. Because ECS lists a new task late, Find
// looks for a whole id for some seconds.
func Find(ctx context.Context, p *deploy.Project, id string) (Task, error) {
	clk := p.Target.Clock
	for end := clk.Now().Add(unlisted); ; {
		t, err := find(ctx, p, id)
		var unknown *UnknownTaskError
		if !errors.As(err, &unknown) || len(ecs.LastPart(id)) < wholeID || !clk.Now().Before(end) {
			return t, err
		}
		if err := clk.Sleep(ctx, time.Second); err != nil {
			return t, err
		}
	}
}

func find(ctx context.Context, p *deploy.Project, id string) (Task, error) {
	id = ecs.LastPart(id)
	all, err := running(ctx, p, id)
	if err != nil {
		return Task{}, err
	}
	var found []Task
	for _, t := range all {
		if id != "" && strings.HasPrefix(t.ID, id) {
			found = append(found, t)
		}
	}
	switch {
	case len(found) == 0:
		return Task{}, &UnknownTaskError{id}
	case len(found) > 1:
		return Task{}, fmt.Errorf("%s begins the ids of %d tasks: write more of it", id, len(found))
	}
	return found[0], nil
}

// Stop stops a task: SIGTERM, and SIGKILL after the service's stop_grace_period.
func Stop(ctx context.Context, p *deploy.Project, t Task) error {
	return tasks.Stop(ctx, p.Target.Clients.ECS, t.cluster, t.ID, "stopped by berth stop")
}

// running are the tasks of the project that run or start: the one of a whole id, or
// all.
func running(ctx context.Context, p *deploy.Project, id string) ([]Task, error) {
	table, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	api := p.Target.Clients.ECS
	var out []Task
	if len(id) == wholeID {
		found, err := tasks.Describe(ctx, api, table.Cluster, []string{id})
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return of(p, table, found), nil
	}
	for _, w := range table.Workloads() {
		found, err := tasks.List(ctx, api, &awsecs.ListTasksInput{Cluster: &table.Cluster, Family: aws.String(w.Family)})
		if err != nil {
			return nil, err
		}
		out = append(out, of(p, table, found)...)
	}
	return out, nil
}

// of are those of some tasks that run a definition of the project.
func of(p *deploy.Project, table blueprint.Outputs, found []types.Task) []Task {
	names := map[string]string{}
	for _, w := range table.Workloads() {
		names[w.Family] = w.Name
	}
	var out []Task
	for _, t := range found {
		name, ours := names[tasks.FamilyOf(aws.ToString(t.TaskDefinitionArn))]
		if !ours || aws.ToString(t.DesiredStatus) == "STOPPED" {
			continue
		}
		out = append(out, Task{
			ID: ecs.LastPart(aws.ToString(t.TaskArn)), Workload: name, cluster: table.Cluster,
			OfService: strings.HasPrefix(aws.ToString(t.Group), "service:"),
			OneOff:    aws.ToString(t.StartedBy) == ecs.StartedByStack(p.Stack()),
		})
	}
	return out
}
