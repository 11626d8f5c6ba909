package attach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/oneoff"
)

// Target is a container that runs.
type Target struct {
	// Task is the task's id, Workload the service or job whose definition it runs,
	// Container the container's name in ECS.
	Task, Workload, Container string

	cluster, runtime string
}

// The states of the agent in a container, as ECS names them.
const (
	agentName    = "ExecuteCommandAgent"
	agentRuns    = "RUNNING"
	agentStopped = "STOPPED"
)

const (
	// agentTime is how long a new task's agent may take to run.
	agentTime = 30 * time.Second
	agentPoll = time.Second
)

// NotRunningError says that nothing runs that a command could be in.
type NotRunningError struct{ Name string }

func (e *NotRunningError) Error() string { return "no task of " + e.Name + " is running" }

// Remedy is what the user can do.
func (*NotRunningError) Remedy() string { return "`berth ps` shows the tasks" }

// NotEnabledError says that a task was started without ECS Exec.
type NotEnabledError struct{ Task, Workload string }

func (e *NotEnabledError) Error() string {
	return fmt.Sprintf("task %.8s of %s was started without ECS Exec", e.Task, e.Workload)
}

// Remedy is what the user can do.
func (e *NotEnabledError) Remedy() string {
	return "write `x-berth: {exec: true}` at " + e.Workload + " or at the top of the file, and run `berth up`: it replaces the tasks"
}

// NoAgentError says that the agent of ECS Exec does not run in a container.
type NoAgentError struct{ Task, Container, State string }

func (e *NoAgentError) Error() string {
	return fmt.Sprintf("the agent of ECS Exec in container %s of task %.8s is %s", e.Container, e.Task, cmp.Or(strings.ToLower(e.State), "missing"))
}

// Remedy is what the user can do.
func (*NoAgentError) Remedy() string {
	return "the agent needs files that it can write: it does not run with `read_only: true`"
}

// Find finds the container that a name means: a service, a job, a sidecar, or a task by
// its id or the begin of it. container names another container of the task; "" is the
// workload's own. It waits until the agent in it runs.
func Find(ctx context.Context, p *deploy.Project, name, container string) (Target, error) {
	table, err := p.Outputs()
	if err != nil {
		return Target{}, err
	}
	if _, ok := p.Source.App.Database(name); ok {
		return Target{}, fmt.Errorf("%s is a managed database: nothing can run in it", name)
	}
	workload := name
	if task, ok := p.Source.App.TaskOf(name); ok && task != name {
		workload, container = task, cmp.Or(container, name)
	}
	for _, w := range table.Workloads() {
		if w.Name == workload {
			t, err := newest(ctx, p, table.Cluster, w)
			if err != nil {
				return Target{}, err
			}
			return ready(ctx, p, table.Cluster, w, t, container)
		}
	}
	found, err := oneoff.Find(ctx, p, name)
	var unknown *oneoff.UnknownTaskError
	if errors.As(err, &unknown) && !hexadecimal(name) {
		return Target{}, p.CheckNames([]string{name})
	}
	if err != nil {
		return Target{}, err
	}
	list, err := tasks.Describe(ctx, p.Target.Clients.ECS, table.Cluster, []string{found.ID})
	if err == nil && len(list) == 0 {
		err = &NotRunningError{name}
	}
	if err != nil {
		return Target{}, err
	}
	for _, w := range table.Workloads() {
		if w.Name == found.Workload {
			return ready(ctx, p, table.Cluster, w, list[0], container)
		}
	}
	return Target{}, &NotRunningError{name}
}

func hexadecimal(name string) bool {
	return name != "" && strings.Trim(ecs.LastPart(name), "0123456789abcdef") == ""
}

// newest is the running task of a workload that started last; one of the service before
// a one-off task.
func newest(ctx context.Context, p *deploy.Project, cluster string, w blueprint.WorkloadOutput) (types.Task, error) {
	list, err := tasks.List(ctx, p.Target.Clients.ECS, &awsecs.ListTasksInput{Cluster: &cluster, Family: &w.Family})
	if err != nil {
		return types.Task{}, err
	}
	list = slices.DeleteFunc(list, func(t types.Task) bool {
		return aws.ToString(t.LastStatus) != agentRuns || aws.ToString(t.DesiredStatus) != agentRuns
	})
	if len(list) == 0 {
		return types.Task{}, &NotRunningError{w.Name}
	}
	rank := func(t types.Task) int {
		if strings.HasPrefix(aws.ToString(t.Group), "service:") && t.EnableExecuteCommand {
			return 0
		}
		return 1
	}
	return slices.MinFunc(list, func(a, b types.Task) int {
		return cmp.Or(rank(a)-rank(b), aws.ToTime(b.StartedAt).Compare(aws.ToTime(a.StartedAt)), strings.Compare(*a.TaskArn, *b.TaskArn))
	}), nil
}

// ready waits until the agent in a container of a task runs.
func ready(ctx context.Context, p *deploy.Project, cluster string, w blueprint.WorkloadOutput, t types.Task, container string) (Target, error) {
	id := ecs.LastPart(aws.ToString(t.TaskArn))
	name := w.Container
	if container != "" {
		name = cmp.Or(w.Sidecars[container], container)
	}
	if container == w.Name {
		name = w.Container
	}
	if !t.EnableExecuteCommand {
		return Target{}, &NotEnabledError{id, w.Name}
	}
	clk := p.Target.Clock
	for end := clk.Now().Add(agentTime); ; {
		i := slices.IndexFunc(t.Containers, func(c types.Container) bool { return aws.ToString(c.Name) == name })
		if i < 0 {
			return Target{}, fmt.Errorf("task %.8s of %s has no container %s: it has %s", id, w.Name, name, strings.Join(namesOf(t), ", "))
		}
		c := t.Containers[i]
		switch state := agentState(c); {
		case state == agentRuns:
			return Target{Task: id, Workload: w.Name, Container: name, cluster: cluster, runtime: aws.ToString(c.RuntimeId)}, nil
		case state == agentStopped, !clk.Now().Before(end):
			return Target{}, &NoAgentError{id, name, state}
		}
		if err := clk.Sleep(ctx, agentPoll); err != nil {
			return Target{}, err
		}
		list, err := tasks.Describe(ctx, p.Target.Clients.ECS, cluster, []string{id})
		if err != nil {
			return Target{}, err
		}
		if len(list) == 0 || aws.ToString(list[0].DesiredStatus) != agentRuns {
			return Target{}, &NotRunningError{w.Name}
		}
		t = list[0]
	}
}

func agentState(c types.Container) string {
	for _, a := range c.ManagedAgents {
		if string(a.Name) == agentName {
			return aws.ToString(a.LastStatus)
		}
	}
	return ""
}

func namesOf(t types.Task) []string {
	var out []string
	for _, c := range t.Containers {
		out = append(out, aws.ToString(c.Name))
	}
	return out
}
