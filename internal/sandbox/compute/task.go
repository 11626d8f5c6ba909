package compute

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/definition"
	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// tasks are the calls on tasks.
type tasks struct {
	account     *world.Account
	s           *state
	needs       *Needs
	definitions *definitions
	placement   *placement
	fargate     *Fargate
	startup     *startup.Checks
}

func (p *tasks) runTask(rq *world.Request, in *ecs.RunTaskInput) (*ecs.RunTaskOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	known, mismatch := rq.Once(in.ClientToken, in)
	if mismatch {
		return nil, &types.ConflictException{
			Message:     aws.String("The clientToken was used for a task with other parameters."),
			ResourceIds: strings.Split(known, ","),
		}
	}
	if known != "" {
		return &ecs.RunTaskOutput{Tasks: p.shownTasks(strings.Split(known, ",")), Failures: []types.Failure{}}, nil
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	d := p.definitions.definitionOf(rq, in.TaskDefinition)
	if d == nil || d.Shown.Status != types.TaskDefinitionStatusActive {
		return nil, badClient("TaskDefinition not found.")
	}
	for _, role := range []*string{d.Shown.ExecutionRoleArn, d.Shown.TaskRoleArn} {
		if role == nil {
			continue
		}
		if err := rq.PassRole(*role, startup.Principal); err != nil {
			return nil, err
		}
	}
	if err := strategy.CheckCapacity(c.Providers, c.Strategy, &in.LaunchType, &in.CapacityProviderStrategy); err != nil {
		return nil, err
	}
	if err := definition.CheckOverrides(d.Shown, in.Overrides); err != nil {
		return nil, err
	}
	if err := p.placement.checkNetwork(rq, in.NetworkConfiguration); err != nil {
		return nil, err
	}
	if err := p.s.checkFit(d, in.LaunchType, in.CapacityProviderStrategy, in.NetworkConfiguration); err != nil {
		return nil, err
	}
	if in.PropagateTags == types.PropagateTagsTaskDefinition {
		tasks := p.account.ARN("ecs", "task/"+c.Name+"/*")
		if err := rq.Also("ecs:TagResource", tasks, world.Facts{"ecs:CreateAction": {"RunTask"}}); err != nil {
			return nil, err
		}
	}
	count := int(cmp.Or(aws.ToInt32(in.Count), 1))
	if count < 1 || count > 10 {
		return nil, badInput("Count must be between 1 and 10.")
	}
	if why := p.startup.Roles(&d.Shown); why != "" {
		return nil, badClient("%s", why)
	}
	out := &ecs.RunTaskOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	var ids []string
	have := map[string]int{}
	for i := range count {
		t, why := p.runOne(rq, c, d, in, i, have)
		if why != "" && len(ids) == 0 {
			return nil, &types.LimitExceededException{Message: aws.String(why)}
		}
		if why != "" {
			out.Failures = append(out.Failures, types.Failure{Reason: aws.String(why)})
			continue
		}
		ids = append(ids, t.ID)
		out.Tasks = append(out.Tasks, p.shownTask(t, true))
	}
	rq.Remember(in.ClientToken, in, strings.Join(ids, ","))
	return out, nil
}

func (p *tasks) runOne(rq *world.Request, c *cluster, d *taskDefinition, in *ecs.RunTaskInput, turn int, have map[string]int) (*task, string) {
	provider := strategy.Next(in.CapacityProviderStrategy, have)
	have[provider]++
	t := p.placement.newTask(d, taskSpec{
		cluster: c.ARN, group: cmp.Or(aws.ToString(in.Group), "family:"+*d.Shown.Family), startedBy: aws.ToString(in.StartedBy),
		provider: provider, launch: in.LaunchType, network: in.NetworkConfiguration.AwsvpcConfiguration, turn: turn, execute: in.EnableExecuteCommand,
	})
	t.override(in.Overrides)
	t.Tags = slices.Clone(in.Tags)
	if in.PropagateTags == types.PropagateTagsTaskDefinition {
		t.Tags = append(t.Tags, d.Tags...)
	}
	return t, p.placement.place(rq.Now, t)
}

func (p *tasks) shownTasks(ids []string) []types.Task {
	out := []types.Task{}
	for _, id := range ids {
		if t := p.s.Tasks.Get(id); t != nil {
			out = append(out, p.shownTask(t, true))
		}
	}
	return out
}

func (p *tasks) stopTask(rq *world.Request, in *ecs.StopTaskInput) (*ecs.StopTaskOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	t := p.s.Tasks.Find(rq, world.LastPart(aws.ToString(in.Task)))
	if t == nil || t.Cluster != c.ARN {
		return nil, badInput("The referenced task was not found.")
	}
	p.fargate.stop(rq.Now, t, types.TaskStopCodeUserInitiated, cmp.Or(aws.ToString(in.Reason), "Task stopped by user"))
	if t.Service != "" {
		p.account.Schedule(rq.Now.Add(p.account.Takes(world.ServiceScheduler)), "ecs.service.look", t.Service)
	}
	shown := p.shownTask(t, false)
	return &ecs.StopTaskOutput{Task: &shown}, nil
}

func (p *tasks) listTasks(rq *world.Request, in *ecs.ListTasksInput) (*ecs.ListTasksOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	if in.ServiceName != nil && p.s.serviceOf(rq, c, in.ServiceName) == nil {
		return nil, &types.ServiceNotFoundException{Message: aws.String("Service not found.")}
	}
	want := string(cmp.Or(in.DesiredStatus, types.DesiredStatusRunning))
	var arns []string
	for _, t := range p.s.Tasks.List(rq) {
		if t.Cluster == c.ARN && t.Desired == want &&
			(in.Family == nil || t.family() == *in.Family) &&
			(in.StartedBy == nil || t.StartedBy == *in.StartedBy) &&
			(in.LaunchType == "" || t.LaunchType == in.LaunchType) &&
			(in.ServiceName == nil || t.Group == "service:"+world.LastPart(*in.ServiceName)) {
			arns = append(arns, t.ARN)
		}
	}
	page, next, err := listPage(arns, in.NextToken, in.MaxResults, 100)
	return &ecs.ListTasksOutput{TaskArns: page, NextToken: next}, err
}

func (p *tasks) describeTasks(rq *world.Request, in *ecs.DescribeTasksInput) (*ecs.DescribeTasksOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	if len(in.Tasks) == 0 || len(in.Tasks) > 100 {
		return nil, badInput("Tasks must have between 1 and 100 members.")
	}
	out := &ecs.DescribeTasksOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	for _, ref := range in.Tasks {
		t := p.s.Tasks.Find(rq, world.LastPart(ref))
		if t == nil || t.Cluster != c.ARN {
			out.Failures = append(out.Failures, missingItem(p.account.ARN("ecs", "task/"+c.Name+"/"+world.LastPart(ref))))
			continue
		}
		out.Tasks = append(out.Tasks, p.shownTask(t, slices.Contains(in.Include, types.TaskFieldTags)))
	}
	return out, nil
}
