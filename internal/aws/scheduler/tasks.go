package scheduler

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

// stopReason is the reason with which berth stops the tasks of a deleted schedule.
const stopReason = "stopped by berth: its schedule was deleted"

// Poll implements engine.Poller: a deleted schedule is gone once its tasks are told to
// stop. One call shows the tasks of all schedules of a group.
func (t Schedules) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	type place struct{ cluster, startedBy string }
	byPlace := map[place][]engine.Object{}
	for _, o := range objects {
		group, _ := parts(o.ID)
		if cluster := o.Attrs["cluster"]; cluster != "" {
			p := place{cluster, StartedBy(group)}
			byPlace[p] = append(byPlace[p], o)
		}
	}
	var out []engine.Object
	for p, deleted := range byPlace {
		running, err := Running(ctx, t.ECS, p.cluster, p.startedBy)
		if err != nil {
			return nil, err
		}
		for _, o := range deleted {
			stopping, err := t.stop(ctx, p.cluster, running, o)
			if err != nil {
				return nil, err
			}
			if stopping {
				o.State, o.Detail = engine.StateDeleting, "its task is being stopped"
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// stop stops the running tasks of a schedule, and says whether there were any.
func (t Schedules) stop(ctx context.Context, cluster string, running []types.Task, o engine.Object) (some bool, err error) {
	for _, task := range running {
		if tasks.FamilyOf(aws.ToString(task.TaskDefinitionArn)) != tasks.FamilyOf(o.Attrs["task_definition"]) {
			continue
		}
		some = true
		if err := tasks.Stop(ctx, t.ECS, cluster, aws.ToString(task.TaskArn), stopReason); err != nil {
			return true, fmt.Errorf("schedule %s: %w", o.ID, err)
		}
	}
	return some, nil
}

// Running are the tasks with a mark that have not been told to stop. If there is no
// such cluster, there are none. ECS takes no other filter beside this one.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
func Running(ctx context.Context, api *ecs.Client, cluster, startedBy string) ([]types.Task, error) {
	return tasks.List(ctx, api, &ecs.ListTasksInput{Cluster: &cluster, StartedBy: &startedBy})
}

// Stopped are the tasks of a family that have ended, as long as ECS shows them: for
// about an hour.
func Stopped(ctx context.Context, api *ecs.Client, cluster, family string) ([]types.Task, error) {
	return tasks.List(ctx, api, &ecs.ListTasksInput{Cluster: &cluster, Family: &family, DesiredStatus: types.DesiredStatusStopped})
}
