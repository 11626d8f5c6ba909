package status

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
)

// Job is one job with its last run.
type Job struct {
	// Name is the Compose service's name.
	Name string `json:"name"`
	// State is running, done, failed, waiting (its present revision has not
	// run), scheduled or absent.
	State string `json:"state"`
	// Task is the id of the last run's task, as far as it is known.
	Task           string `json:"task,omitempty"`
	TaskDefinition string `json:"task_definition,omitempty"`
	// Reason is why the last run failed, as long as ECS knows its task.
	Reason string `json:"reason,omitempty"`
}

// WantedJob is a job whose status is asked for.
type WantedJob struct {
	// Name is the Compose service's name, Family that of its task definitions.
	Name, Family string
	// OneOffs is the mark of tasks of that family that are no runs of the job.
	OneOffs string
	// Scheduled says that its schedule runs it.
	Scheduled bool
}

// Jobs reads how the last runs of jobs ended: a run leaves its end on the tags
// of its task definition, which outlive the task.
func Jobs(ctx context.Context, api *ecs.Client, cluster string, wanted []WantedJob) ([]Job, error) {
	out := make([]Job, 0, len(wanted))
	for _, w := range wanted {
		j, err := job(ctx, api, cluster, w)
		if err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, nil
}

func job(ctx context.Context, api *ecs.Client, cluster string, w WantedJob) (Job, error) {
	j := Job{Name: w.Name, State: Absent}
	out, err := api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: aws.String(w.Family), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "ClientException" {
		return j, nil // ECS's word for a family that does not exist
	}
	if err != nil {
		return j, fmt.Errorf("reading job %s: %w", w.Name, err)
	}
	j.State, j.TaskDefinition = "waiting", resource.LastPart(aws.ToString(out.TaskDefinition.TaskDefinitionArn))
	if w.Scheduled {
		j.State = "scheduled"
	}
	tags := gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
	if tags[resource.TagRan] != "" && !w.Scheduled {
		j.State, j.Task = "done", resource.LastPart(tags[resource.TagRanTask])
	}
	if failed := tags[resource.TagFailedTask]; failed != "" && (j.State != "done" || failed == tags[resource.TagLastTask]) {
		j.State, j.Task = Failed, failed
		j.Reason = whyFailed(ctx, api, cluster, failed)
	}
	running, err := listed(ctx, api, &ecs.ListTasksInput{Cluster: aws.String(cluster), Family: aws.String(w.Family)})
	if err != nil {
		return j, err
	}
	for _, t := range running {
		if w.OneOffs != "" && t.startedBy == w.OneOffs {
			continue
		}
		j.State, j.Task, j.Reason = "running", t.ID, ""
	}
	return j, nil
}

// whyFailed is why a job's task stopped; empty once ECS has forgotten the task, an
// hour later.
func whyFailed(ctx context.Context, api *ecs.Client, cluster, task string) string {
	found, err := tasks.Describe(ctx, api, cluster, []string{task})
	if err != nil || len(found) == 0 {
		return ""
	}
	return causeOf(taskOf(found[0]))
}
