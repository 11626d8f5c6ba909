package ecs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// TaskDefinition is a task definition with awsvpc networking. A
// change registers a new revision; older ones stay active for a rollback until
// the teardown. Outputs: id and arn (the revision's ARN), family.
type TaskDefinition struct {
	Family string `attr:"family,replace,own"`
	// CPU is in units of 1/1024 vCPU, Memory in MiB.
	CPU    int `attr:"cpu"`
	Memory int `attr:"memory"`
	// Architecture is X86_64 or ARM64.
	Architecture string `attr:"architecture"`
	// Capacity is EC2 or MANAGED_INSTANCES for tasks on instances; empty is Fargate.
	Capacity string `attr:"capacity,silent"`
	// EphemeralGiB is the size of the task's disk, 21 to 200; 0 is Fargate's
	// default of 20.
	EphemeralGiB  int         `attr:"ephemeral_gib"`
	ExecutionRole engine.Ref  `attr:"execution_role"`
	TaskRole      engine.Ref  `attr:"task_role"`
	Containers    []Container `attr:"containers"`
	// Siblings are variables with the full names of other services of the stack.
	// A new revision gets the current ones, but a change of them makes no new
	// revision, so that adding or removing a service restarts no other.
	Siblings map[string]string `attr:"siblings,create"`
	// Volumes are the volumes that the containers' mounts refer to.
	Volumes []Volume `attr:"volumes"`
}

// What TaskDefinition.Capacity may be.
const (
	OnEC2              = "EC2"
	OnManagedInstances = "MANAGED_INSTANCES"
)

// Type implements engine.Resource.
func (TaskDefinition) Type() string { return "ecs.task-definition" }

// TaskDefinitions is the type of TaskDefinition. Its objects are families with
// all of their revisions, shown as the latest active revision.
type TaskDefinitions struct {
	API    *ecs.Client
	Region string
}

// Spec implements engine.Type. A family that is only deregistered counts as
// failed: its deletion was interrupted and is done again.
func (TaskDefinitions) Spec() engine.Spec {
	burst, every := gate.Rate("ecs", "RegisterTaskDefinition")
	return engine.Spec{
		Name: TaskDefinition{}.Type(), Identity: engine.ByTag,
		Revises: true, DeadWhenFailed: true, Burst: burst, Every: every,
	}
}

// List implements engine.Type: it makes a call for every hundred families of
// the account, because ECS cannot filter them by tag, and one for each of the
// owners' families. Jobs uses the same answers.
func (t TaskDefinitions) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	revisions, err := t.revisions(ctx, q)
	if err != nil {
		return nil, err
	}
	wanted := map[engine.Address]TaskDefinition{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(TaskDefinition); ok {
			wanted[w.Address] = want
		}
	}
	var objects []engine.Object
	for _, r := range revisions {
		object := r.object(wanted[r.mark.Address])
		objects = append(objects, object)
	}
	return objects, nil
}

// Create implements engine.Type.
func (t TaskDefinitions) Create(ctx context.Context, w engine.Desired[TaskDefinition]) (engine.Object, error) {
	in := taskDefinitionInput(w.Want)
	in.Tags = tagsOf(w.Tags)
	out, err := t.API.RegisterTaskDefinition(ctx, in)
	if err != nil {
		return engine.Object{}, fmt.Errorf("registering task definition %s: %w", w.Want.Family, err)
	}
	arn := aws.ToString(out.TaskDefinition.TaskDefinitionArn)
	return engine.AsDesired(w, arn, taskDefinitionOutputs(arn, w.Want.Family)), nil
}

// Update implements engine.Type: any change registers a new revision.
func (t TaskDefinitions) Update(ctx context.Context, w engine.Desired[TaskDefinition], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) > 0 {
		return t.Create(ctx, w)
	}
	if err := setTags(ctx, t.API, object.ID, object.Tags, w.Tags, jobTags()...); err != nil {
		return object, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func taskDefinitionOutputs(arn, family string) map[string]string {
	return map[string]string{"id": arn, "arn": arn, "family": family}
}

var _ engine.Type[TaskDefinition] = TaskDefinitions{}
