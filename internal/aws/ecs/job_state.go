package ecs

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

const (
	taskStopped = "STOPPED"
	// outputExitCode is the exit code of a job's task.
	outputExitCode = "exit_code"
)

// Poll implements engine.Poller. It records the end of a run on the task
// definition at once.
func (t Jobs) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	byCluster := map[string][]string{}
	byTask := map[string]engine.Object{}
	for _, l := range objects {
		if l.State == engine.StateReady {
			continue // its task has ended, so the deletion is complete
		}
		byTask[l.ID] = l
		byCluster[clusterOf(l.ID)] = append(byCluster[clusterOf(l.ID)], l.ID)
	}
	var out []engine.Object
	for cluster, arns := range byCluster {
		found, err := tasks.Describe(ctx, t.TaskDefinitions.API, cluster, arns)
		if err != nil {
			return nil, fmt.Errorf("polling jobs: %w", err)
		}
		for _, task := range found {
			l, waited := byTask[aws.ToString(task.TaskArn)]
			if !waited {
				continue
			}
			seen, there, err := t.judge(ctx, task, l)
			if err != nil {
				return nil, err
			}
			if there {
				out = append(out, seen)
			}
		}
	}
	return out, nil
}

// judge returns the state of a run. A task that berth itself has stopped counts
// as absent.
func (t Jobs) judge(ctx context.Context, task types.Task, l engine.Object) (seen engine.Object, there bool, err error) {
	l.State, l.Detail = engine.StatePending, taskProgress(task)
	ours := aws.ToString(task.StoppedReason) == stopReason
	switch {
	case aws.ToString(task.LastStatus) != taskStopped && ours:
		l.State = engine.StateDeleting
		return l, true, nil
	case aws.ToString(task.LastStatus) != taskStopped:
		return l, true, nil
	case ours:
		return l, false, nil
	}
	code, known, why := exitOf(task, l.Address.Name)
	l.Outputs = map[string]string{"id": l.ID}
	if known {
		l.Outputs[outputExitCode] = strconv.Itoa(code)
	}
	note := map[string]string{TagRan: l.Attrs["trigger"], TagRanTask: l.ID, TagLastTask: LastPart(l.ID)}
	l.State, l.Detail = engine.StateReady, "exit code 0"
	if why != "" {
		note = map[string]string{TagFailedTask: LastPart(l.ID), TagLastTask: LastPart(l.ID)}
		l.State, l.Detail, l.Idle = engine.StateFailed, why, neverBegan(task)
	}
	err = addTags(ctx, t.TaskDefinitions.API, aws.ToString(task.TaskDefinitionArn), note)
	if err != nil {
		return l, false, fmt.Errorf("recording the end of a job: %w", err)
	}
	return l, true, nil
}

// WhyFailed is why a task that has ended failed; empty for a success. own is the
// container that it was for.
func WhyFailed(task types.Task, own string) string {
	_, _, why := exitOf(task, own)
	return why
}

// neverBegan says whether none of a task's containers was ever started, because
// ECS could not pull an image, attach a network interface or mount a volume.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
func neverBegan(task types.Task) bool {
	ran := slices.ContainsFunc(task.Containers, func(c types.Container) bool { return c.ExitCode != nil })
	return task.StopCode == types.TaskStopCodeTaskFailedToStart && task.StartedAt == nil && !ran
}

// join joins the parts of a reason that are known into one line.
func join(parts ...string) string {
	var known []string
	for _, p := range parts {
		if p != "" {
			known = append(known, p)
		}
	}
	return strings.Join(known, ": ")
}

// TaskOf returns the task of a Job's object and its exit code; each is empty until
// it is known.
func TaskOf(o engine.Object) (task, exitCode string) {
	return o.Outputs["id"], o.Outputs[outputExitCode]
}
