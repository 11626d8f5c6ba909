package ecs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

// startedBy marks a job's tasks with their trigger, in characters that ECS
// accepts.
func startedBy(trigger string) string { return "berth/" + digest(trigger) }

// tokenAfter is the idempotency token of a run after one that failed.
func tokenAfter(token, failed string) string {
	if failed == "" {
		return token
	}
	return digest(token + " " + failed)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:32]
}

// run starts the job's task on demand, because Spot may end it midway.
func (t Jobs) run(ctx context.Context, w engine.Desired[Job], token string) (types.Task, error) {
	out, err := t.TaskDefinitions.API.RunTask(ctx, &ecs.RunTaskInput{
		Cluster: aws.String(w.Want.Cluster.Value()), TaskDefinition: aws.String(w.Want.TaskDefinition.Value()),
		LaunchType: launchType(w.Want.Strategy), CapacityProviderStrategy: strategyInput(w.Want.Strategy), Count: aws.Int32(1), ClientToken: &token,
		NetworkConfiguration: networkInput(w.Want.Subnets, w.Want.SecurityGroups, w.Want.PublicIP),
		StartedBy:            aws.String(startedBy(w.Want.Trigger)), EnableECSManagedTags: true, Tags: tagsOf(w.Tags),
		EnableExecuteCommand: w.Want.Exec,
	})
	if err != nil {
		return types.Task{}, err
	}
	started, err := tasks.Started(out)
	if err != nil {
		return types.Task{}, err
	}
	return started[0], nil
}

// running returns the tasks of a family whose desired status is running.
func (t Jobs) running(ctx context.Context, cluster, family string) ([]types.Task, error) {
	found, err := tasks.List(ctx, t.TaskDefinitions.API, &ecs.ListTasksInput{
		Cluster: &cluster, Family: &family, DesiredStatus: types.DesiredStatusRunning,
	})
	return slices.DeleteFunc(found, func(task types.Task) bool {
		return tasks.FamilyOf(aws.ToString(task.TaskDefinitionArn)) != family || aws.ToString(task.LastStatus) == taskStopped
	}), err
}

// ranObject returns the last run that succeeded, as the task definition's tags
// record it.
func ranObject(address engine.Address, r revision) engine.Object {
	id := r.tags[TagRanTask]
	if id == "" {
		id = aws.ToString(r.Family)
	}
	shown := Job{Trigger: r.tags[TagRan], TaskDefinition: engine.Lit(aws.ToString(r.TaskDefinitionArn))}
	return engine.Object{
		Address: address, ID: id, State: engine.StateReady,
		Outputs: map[string]string{"id": id, outputExitCode: "0"}, Attrs: jobAttrs(shown),
	}
}

// runObject returns a run that has not ended, or whose end has not been
// recorded.
func runObject(address engine.Address, want Job, task types.Task) engine.Object {
	arn := aws.ToString(task.TaskArn)
	shown := Job{TaskDefinition: engine.Lit(aws.ToString(task.TaskDefinitionArn)), Trigger: want.Trigger}
	if by := aws.ToString(task.StartedBy); by != startedBy(want.Trigger) {
		shown.Trigger = "another one, " + by
	}
	return engine.Object{
		Address: address, ID: arn, Outputs: map[string]string{"id": arn}, Attrs: jobAttrs(shown),
		State: engine.StatePending, Detail: taskProgress(task), Created: aws.ToTime(task.CreatedAt),
	}
}

// jobAttrs returns the attributes that AWS shows of a run.
func jobAttrs(shown Job) map[string]string {
	return engine.Shown(shown, "cluster", "subnets", "security_groups", "public_ip", "strategy", "family")
}

func taskProgress(task types.Task) string {
	return fmt.Sprintf("task %s is %s", LastPart(aws.ToString(task.TaskArn)), strings.ToLower(aws.ToString(task.LastStatus)))
}
