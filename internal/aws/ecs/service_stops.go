package ecs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// The outputs of a service whose tasks stop: why the last one stopped, and at
// which state of the deployment that was read.
const (
	outputStops   = "stops"
	outputStopped = "stopped"
)

// lastStopped begins the reason of the task that stopped last.
const lastStopped = "the last task stopped: "

// stopsOf returns a text that changes whenever another task of a deployment has
// stopped; empty until one has. ECS counts the tasks that failed to start or to
// become healthy, but not those that ended by themselves: these show because
// ECS has started more tasks than it should run.
func stopsOf(s types.Service, d types.Deployment) string {
	started, latest := 0, ""
	for _, e := range s.Events { // the newest first
		text := aws.ToString(e.Message)
		if !strings.Contains(text, " has started ") || aws.ToTime(e.CreatedAt).Before(aws.ToTime(d.CreatedAt)) {
			continue
		}
		started += strings.Count(text, "(task ")
		if latest == "" {
			latest = aws.ToString(e.Id)
		}
	}
	if d.FailedTasks == 0 && started <= int(d.DesiredCount) {
		return ""
	}
	return fmt.Sprintf("%d %s", d.FailedTasks, latest)
}

// unable returns ECS's latest event about why it starts no task for a
// deployment; empty if there is none.
func unable(s types.Service, d types.Deployment) string {
	for _, e := range s.Events {
		text := aws.ToString(e.Message)
		if aws.ToTime(e.CreatedAt).Before(aws.ToTime(d.CreatedAt)) || strings.Contains(text, " has started ") {
			return ""
		}
		if strings.Contains(text, "unable to ") || strings.Contains(text, "failed to launch") {
			return text
		}
	}
	return ""
}

// sayStops adds to the detail of a deployment that berth waits for why its
// tasks stop or do not start. It asks ECS once for each stop, and once more when
// the deployment was given up: ECS says then only that tasks failed.
func (t Services) sayStops(ctx context.Context, s types.Service, waited engine.Object, now *engine.Object) {
	d := primary(s)
	if now.State == engine.StateFailed {
		why := waited.Outputs[outputStopped]
		if last := t.lastStop(ctx, s, waited.Outputs[outputDeployment]); last != "" {
			why = lastStopped + last
		}
		if d := waitedFor(s, waited); why == "" && d != nil {
			why = unable(s, *d)
		}
		if why != "" {
			now.Detail = strings.TrimSuffix(why, ".") + "; " + now.Detail
		}
		return
	}
	if now.State != engine.StatePending || d == nil {
		return
	}
	stops, why := stopsOf(s, *d), waited.Outputs[outputStopped]
	switch {
	case stops == "":
		why = unable(s, *d)
	case stops != waited.Outputs[outputStops]:
		if last := t.lastStop(ctx, s, aws.ToString(d.Id)); last != "" {
			why = lastStopped + last
		}
	}
	if why == "" {
		return
	}
	now.Outputs[outputStops], now.Outputs[outputStopped] = stops, why
	now.Detail = join(now.Detail, why)
}

// lastStop returns why the deployment's last stopped task stopped; empty if
// none has, or if ECS does not say: the wait goes on either way.
func (t Services) lastStop(ctx context.Context, s types.Service, deployment string) string {
	list, err := t.API.ListTasks(ctx, &ecs.ListTasksInput{
		Cluster: s.ClusterArn, ServiceName: s.ServiceName, DesiredStatus: types.DesiredStatusStopped,
	})
	if err != nil || len(list.TaskArns) == 0 {
		return ""
	}
	tasks, err := t.API.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: s.ClusterArn, Tasks: list.TaskArns})
	if err != nil {
		return ""
	}
	var last types.Task
	for _, task := range tasks.Tasks {
		ours := aws.ToString(task.StartedBy) == deployment && task.StopCode != types.TaskStopCodeUserInitiated
		if ours && !aws.ToTime(task.StoppedAt).Before(aws.ToTime(last.StoppedAt)) {
			last = task
		}
	}
	code, known, why := exitOf(last, "")
	if known && code == 0 || why == "" {
		return aws.ToString(last.StoppedReason)
	}
	return strings.TrimPrefix(why, "the task did not start: ")
}
