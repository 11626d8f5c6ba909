package why

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/status"
)

// lastLines is how much of the log an answer shows.
const lastLines = 10

// Gather reads the facts about a subject. Only ECS itself has to answer.
func Gather(ctx context.Context, c *aws.Clients, s Subject, now time.Time) (*Facts, error) {
	f := &Facts{Subject: s, Now: now}
	err := concurrent.Each([]func() error{
		func() error { return readService(ctx, f, c.ECS) },
		func() (err error) { f.Running, err = readTasks(ctx, f, c.ECS, types.DesiredStatusRunning); return err },
		func() (err error) { f.Ended, err = readTasks(ctx, f, c.ECS, types.DesiredStatusStopped); return err },
	}, func(_ int, read func() error) error { return read() })
	if err != nil {
		return nil, err
	}
	if err := readDeployment(ctx, f, c.ECS); err != nil {
		return nil, err
	}
	slices.SortStableFunc(f.Ended, func(a, b types.Task) int {
		return sdk.ToTime(b.StoppedAt).Compare(sdk.ToTime(a.StoppedAt))
	})
	f.choose()
	readDefinition(ctx, f, c.ECS)
	readLog(ctx, f, c)
	f.Groups = readGroups(ctx, f.Service, c.ELB)
	readFronts(ctx, f, c)
	if f.ill() || f.Task != nil {
		readAround(ctx, f, c)
	}
	return f, nil
}

func readService(ctx context.Context, f *Facts, api *ecs.Client) error {
	if f.Subject.Service == "" {
		return nil
	}
	found, err := resource.Describe(ctx, api, f.Cluster, []string{f.Subject.Service}, types.ServiceFieldTags)
	if len(found) > 0 {
		f.Service = &found[0]
	}
	var missing *types.ClusterNotFoundException
	if errors.As(err, &missing) {
		return nil
	}
	return err
}

// readTasks returns the tasks of the subject with a desired status.
func readTasks(ctx context.Context, f *Facts, api *ecs.Client, wanted types.DesiredStatus) ([]types.Task, error) {
	if f.Subject.Task != "" {
		found, err := tasks.Describe(ctx, api, f.Cluster, []string{f.Subject.Task})
		if gate.IsNotFound(err) {
			return nil, nil
		}
		return slices.DeleteFunc(found, func(t types.Task) bool { return sdk.ToString(t.DesiredStatus) != string(wanted) }), err
	}
	in := &ecs.ListTasksInput{Cluster: &f.Cluster, DesiredStatus: wanted}
	if f.Subject.Service != "" {
		in.ServiceName = &f.Subject.Service
	} else {
		in.Family = &f.Family
	}
	return tasks.List(ctx, api, in)
}

// readDeployment reads the record of the last deployment, in one attempt each. Where an
// endpoint keeps none, the service's own list has to do, and the answer says so; a refusal
// is an error.
func readDeployment(ctx context.Context, f *Facts, api *ecs.Client) error {
	if f.Service == nil || f.Subject.Task != "" {
		return nil
	}
	list, err := resource.Deployments(ctx, api, *f.Service)
	last, ok := resource.LastDeployment(list)
	if err == nil && !ok {
		return nil
	}
	if err == nil {
		var found map[string]types.ServiceDeployment
		arn := sdk.ToString(last.ServiceDeploymentArn)
		found, err = resource.Records(ctx, api, []string{arn})
		if r, there := found[arn]; there {
			f.Deployment = &r
		}
	}
	if gate.IsDenied(err) {
		return err
	}
	f.Unrecorded = err != nil
	return nil
}

// choose finds the ended task that tells most: the last one that ended for a reason of
// its own. After a rollback it is one of the revision that was given up.
func (f *Facts) choose() {
	own := slices.DeleteFunc(slices.Clone(f.Ended), func(t types.Task) bool {
		return planned(t) || f.Subject.Task == "" && f.earlier(t)
	})
	if len(own) == 0 && f.Subject.Task != "" {
		own = f.Ended
	}
	if i := slices.IndexFunc(own, func(t types.Task) bool { return t.StopCode != types.TaskStopCodeUserInitiated }); i >= 0 {
		f.Task = &own[i]
	} else if len(own) > 0 {
		f.Task = &own[0]
	}
	if f.Task == nil {
		return
	}
	containers := slices.DeleteFunc(slices.Clone(f.Task.Containers), resource.IsHelper)
	f.Container = resource.Culprit(containers)
	if strings.Contains(sdk.ToString(f.Task.StoppedReason), "container health checks") {
		for i, c := range containers {
			if c.HealthStatus == types.HealthStatusUnhealthy {
				f.Container = &containers[i]
			}
		}
	}
}

// earlier says whether a task says nothing about the last deployment: it ended before
// that began or, after a rollback, is of the revision that ECS went back to and ended
// before that was done.
func (f *Facts) earlier(t types.Task) bool {
	if f.Deployment == nil {
		return false
	}
	end := sdk.ToTime(t.StoppedAt)
	if f.rolledBack() && sdk.ToString(t.TaskDefinitionArn) == sdk.ToString(f.Service.TaskDefinition) {
		return end.Before(sdk.ToTime(f.Deployment.FinishedAt)) || f.Deployment.FinishedAt == nil
	}
	return end.Before(sdk.ToTime(f.Deployment.CreatedAt))
}

// planned says whether a task ended because fewer of its kind are wanted: at the end
// of a deployment, or after a smaller count. A job's task that did its work is one,
// too.
func planned(t types.Task) bool {
	return strings.HasPrefix(sdk.ToString(t.StoppedReason), "Scaling activity initiated by") ||
		!strings.HasPrefix(sdk.ToString(t.Group), "service:") && resource.WhyFailed(t, "") == ""
}

func readDefinition(ctx context.Context, f *Facts, api *ecs.Client) {
	arn := ""
	switch {
	case f.Task != nil:
		arn = sdk.ToString(f.Task.TaskDefinitionArn)
	case f.Service != nil:
		arn = sdk.ToString(f.Service.TaskDefinition)
	case len(f.Running) > 0:
		arn = sdk.ToString(f.Running[0].TaskDefinitionArn)
	default:
		return
	}
	out, err := api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
	if err == nil {
		f.Definition = out.TaskDefinition
	}
}

func readLog(ctx context.Context, f *Facts, c *aws.Clients) {
	if f.Task == nil || f.LogGroup == "" {
		return
	}
	source := status.Source{Group: f.LogGroup, Task: resource.LastPart(sdk.ToString(f.Task.TaskArn))}
	if f.Container != nil && len(f.Task.Containers) > 1 && !resource.Unresolved(*f.Container) {
		source.Container = sdk.ToString(f.Container.Name)
	}
	lines, err := status.Tail(ctx, c.Logs, source, lastLines, f.Now)
	if err != nil {
		return
	}
	for _, l := range lines {
		f.Log = append(f.Log, l.Text)
	}
}
