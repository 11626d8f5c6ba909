package ecs

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/tasks"
)

// Again makes an older revision the latest one of its family, by registering what it
// holds once more, and returns the latest revision's ARN. It registers nothing if the
// latest one holds the same. So the latest revision is the one that runs, as after any
// other deployment.
func (t TaskDefinitions) Again(ctx context.Context, arn string) (string, error) {
	old, err := t.describe(ctx, arn)
	if err != nil {
		return "", err
	}
	if old == nil || old.Status != types.TaskDefinitionStatusActive {
		return "", &NoRevisionError{LastPart(arn)}
	}
	latest, err := t.describe(ctx, tasks.FamilyOf(arn))
	if err != nil {
		return "", err
	}
	if latest != nil && maps.Equal(latest.tags, old.tags) && same(*old, *latest) {
		return aws.ToString(latest.TaskDefinitionArn), nil
	}
	out, err := t.API.RegisterTaskDefinition(ctx, againInput(old.TaskDefinition, old.tags))
	if err != nil {
		return "", fmt.Errorf("registering %s again: %w", LastPart(arn), err)
	}
	return aws.ToString(out.TaskDefinition.TaskDefinitionArn), nil
}

// NoRevisionError says that a revision of a task definition is gone: deregistered or
// deleted.
type NoRevisionError struct{ Revision string }

func (e *NoRevisionError) Error() string { return e.Revision + " is not there any more" }

// same says whether two revisions of a family hold the same.
func same(a, b revision) bool {
	return maps.Equal(a.object(TaskDefinition{}).Attrs, b.object(TaskDefinition{}).Attrs)
}

// againInput registers what a revision holds.
func againInput(d types.TaskDefinition, tags map[string]string) *ecs.RegisterTaskDefinitionInput {
	own := maps.Clone(tags)
	maps.DeleteFunc(own, func(k, _ string) bool { return strings.HasPrefix(k, "aws:") }) // AWS's own, which it refuses
	return &ecs.RegisterTaskDefinitionInput{
		Family: d.Family, ContainerDefinitions: d.ContainerDefinitions, Cpu: d.Cpu, Memory: d.Memory,
		EnableFaultInjection: d.EnableFaultInjection, EphemeralStorage: d.EphemeralStorage,
		ExecutionRoleArn: d.ExecutionRoleArn, TaskRoleArn: d.TaskRoleArn,
		IpcMode: d.IpcMode, PidMode: d.PidMode, NetworkMode: d.NetworkMode,
		PlacementConstraints: d.PlacementConstraints, ProxyConfiguration: d.ProxyConfiguration,
		RequiresCompatibilities: d.RequiresCompatibilities, RuntimePlatform: d.RuntimePlatform,
		Volumes: d.Volumes, Tags: tagsOf(own),
	}
}
