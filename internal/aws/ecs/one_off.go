package ecs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

// OneOff is a task that runs once, beside the services and jobs: their definition
// and network, with what is overridden.
type OneOff struct {
	// Cluster is the cluster's name, Definition a family or the ARN of a revision.
	Cluster, Definition string
	Subnets, Groups     []string
	PublicIP            bool
	// Container is the container that Command, Variables and the sizes are for.
	Container string
	// Command replaces the image's command, not its entry point; nil keeps it.
	Command   []string
	Variables map[string]string
	// CPU is in units of 1/1,024 vCPU, Memory in MiB; 0 keeps the definition's.
	CPU, Memory int
	// Exec lets ECS Exec into its containers.
	Exec bool
	// Strategy places it; empty is Fargate, on demand.
	Strategy []StrategyItem
	// Count is how many tasks to start, 1 to 10.
	Count int
	// StartedBy marks the tasks: see StartedByStack.
	StartedBy string
	// Token makes a repeated call start nothing more.
	Token string
}

// oneOffPrefix begins the mark of tasks that are started by hand.
const oneOffPrefix = "berth-run/"

// StartedByStack marks the one-off tasks of a stack: ListTasks finds them by it.
func StartedByStack(stack engine.Owner) string { return oneOffPrefix + digest(stack.String()) }

// OneOffs starts one-off tasks.
type OneOffs struct{ API *ecs.Client }

// Start starts the tasks. It fails if ECS starts none of them; refused are the reasons
// for those of several that it did not start.
func (t OneOffs) Start(ctx context.Context, o OneOff) (started []types.Task, refused []string, err error) {
	in := &ecs.RunTaskInput{
		Cluster: &o.Cluster, TaskDefinition: &o.Definition, Count: int32Of(o.Count), ClientToken: &o.Token,
		NetworkConfiguration: networkInput(engine.Lits(o.Subnets...), engine.Lits(o.Groups...), o.PublicIP),
		StartedBy:            &o.StartedBy, Overrides: o.overrides(),
		EnableECSManagedTags: true, PropagateTags: types.PropagateTagsTaskDefinition, EnableExecuteCommand: o.Exec,
		LaunchType: launchType(o.Strategy), CapacityProviderStrategy: strategyInput(o.Strategy),
	}
	out, err := t.API.RunTask(ctx, in)
	if err != nil {
		return nil, nil, fmt.Errorf("starting a task of %s: %w", LastPart(o.Definition), passing(err))
	}
	if started, err = tasks.Started(out); err != nil {
		return nil, nil, fmt.Errorf("starting a task of %s: %w", LastPart(o.Definition), err)
	}
	for _, f := range out.Failures {
		refused = append(refused, aws.ToString(f.Reason))
	}
	return started, refused, nil
}

func (o OneOff) overrides() *types.TaskOverride {
	c := types.ContainerOverride{Name: &o.Container, Command: o.Command}
	for name, value := range o.Variables {
		c.Environment = append(c.Environment, types.KeyValuePair{Name: aws.String(name), Value: aws.String(value)})
	}
	slices.SortFunc(c.Environment, func(a, b types.KeyValuePair) int { return strings.Compare(*a.Name, *b.Name) })
	out := &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{c}}
	if o.CPU > 0 {
		out.Cpu = aws.String(strconv.Itoa(o.CPU))
	}
	if o.Memory > 0 {
		out.Memory = aws.String(strconv.Itoa(o.Memory))
		// A task's only container has the definition's memory as its own limit.
		out.ContainerOverrides[0].Memory = int32Of(o.Memory)
	}
	return out
}

// End says how a task ended: Code is the exit code of the container that it was for;
// Known is false if none of its containers ran. Why is empty for a success.
type End struct {
	Code  int
	Known bool
	Why   string
	// Began and Exited are when its containers ran; zero as far as they did not.
	Began, Exited time.Time
}

// EndOf returns how a task ended; ok is false as long as it has not.
func EndOf(task types.Task) (end End, ok bool) {
	if aws.ToString(task.LastStatus) != taskStopped {
		return End{}, false
	}
	end.Code, end.Known, end.Why = exitOf(task, overridden(task))
	end.Began, end.Exited = aws.ToTime(task.StartedAt), aws.ToTime(task.ExecutionStoppedAt)
	return end, true
}

// overridden is the container that a one-off task is for; empty without an override.
func overridden(task types.Task) string {
	if task.Overrides == nil || len(task.Overrides.ContainerOverrides) == 0 {
		return ""
	}
	return aws.ToString(task.Overrides.ContainerOverrides[0].Name)
}

// Runs returns what a one-off task of a service takes from it: its task definition
// and network. There is nothing if the service does not exist.
func (t Services) Runs(ctx context.Context, cluster, name string) (o OneOff, there bool, err error) {
	found, err := t.describe(ctx, cluster, []string{name})
	if gate.IsNotFound(err) || err == nil && len(found) == 0 {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("reading service %s: %w", name, err)
	}
	s := found[0]
	o.Cluster, o.Definition = cluster, aws.ToString(s.TaskDefinition)
	o.Exec = s.EnableExecuteCommand
	if s.NetworkConfiguration != nil && s.NetworkConfiguration.AwsvpcConfiguration != nil {
		n := s.NetworkConfiguration.AwsvpcConfiguration
		o.Subnets, o.Groups, o.PublicIP = n.Subnets, n.SecurityGroups, n.AssignPublicIp == types.AssignPublicIpEnabled
	}
	return o, aws.ToString(s.Status) == "ACTIVE", nil
}
