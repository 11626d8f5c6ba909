package tasks

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
)

// PerDescription is how many tasks one DescribeTasks call takes, and how many a page of
// ListTasks has.
const PerDescription = 100

// List returns the tasks that a filter selects. There are none if there is no such
// cluster.
func List(ctx context.Context, api *ecs.Client, in *ecs.ListTasksInput) ([]types.Task, error) {
	var arns []string
	pages := ecs.NewListTasksPaginator(api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing tasks: %w", err)
		}
		arns = append(arns, page.TaskArns...)
	}
	return Describe(ctx, api, aws.ToString(in.Cluster), arns)
}

// Describe returns the tasks of a cluster with these ids or ARNs; those that ECS does
// not know, or not yet, are left out.
func Describe(ctx context.Context, api *ecs.Client, cluster string, ids []string) ([]types.Task, error) {
	return concurrent.Gather(ids, PerDescription, func(batch []string) ([]types.Task, error) {
		out, err := api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: batch})
		if err != nil {
			return nil, fmt.Errorf("reading tasks: %w", err)
		}
		return out.Tasks, nil
	})
}

// Stop stops a task. The reason is what ECS shows of it afterwards. A task that has
// stopped, or that ECS has forgotten, is no error.
func Stop(ctx context.Context, api *ecs.Client, cluster, task, reason string) error {
	_, err := api.StopTask(ctx, &ecs.StopTaskInput{Cluster: &cluster, Task: &task, Reason: &reason})
	if err != nil && !gate.IsNotFound(err) && !isNoTask(err) {
		return fmt.Errorf("stopping task %s: %w", task[strings.LastIndexByte(task, '/')+1:], err)
	}
	return nil
}

// isNoTask recognises ECS's error for a task that it has forgotten; there is no
// error code for it.
func isNoTask(err error) bool {
	return gate.Code(err) == "InvalidParameterException" && strings.Contains(err.Error(), "task was not found")
}

// Started returns the tasks that RunTask has started. It is an error if there are none:
// ECS then answers with reasons, and with no error.
func Started(out *ecs.RunTaskOutput) ([]types.Task, error) {
	if len(out.Tasks) > 0 {
		return out.Tasks, nil
	}
	reason := "ECS started no task and gave no reason"
	if len(out.Failures) > 0 {
		reason = aws.ToString(out.Failures[0].Reason)
	}
	return nil, gate.Failure(ecs.ServiceID, "RunTask", placementCode(reason), reason)
}

// placementCode is the error code for the reason why ECS started no task: a
// lack of capacity passes.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
func placementCode(reason string) string {
	if strings.Contains(strings.ToLower(reason), "capacity") {
		return "ConflictingOperation"
	}
	return "RunTaskFailure"
}

// FamilyOf returns the family in a revision's ARN, such as
// arn:aws:ecs:eu-central-1:111122223333:task-definition/FAMILY:3.
func FamilyOf(definition string) string {
	family, _, _ := strings.Cut(definition[strings.LastIndexByte(definition, '/')+1:], ":")
	return family
}
