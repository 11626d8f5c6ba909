package ecs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/engine"
)

// awaitTasks returns a passing error while a service that must have started has
// no running task. A service that is scaled to zero has none and never will.
func (t Jobs) awaitTasks(ctx context.Context, want Job) error {
	for arns := range slices.Chunk(engine.Values(want.Started), perDescription) {
		out, err := t.TaskDefinitions.API.DescribeServices(ctx, &ecs.DescribeServicesInput{
			Cluster: aws.String(want.Cluster.Value()), Services: arns,
		})
		if err != nil {
			return fmt.Errorf("reading the services that the job depends on: %w", err)
		}
		if len(out.Failures) > 0 {
			return gate.Unlisted("service " + LastPart(aws.ToString(out.Failures[0].Arn)))
		}
		for _, s := range out.Services {
			if s.DesiredCount == 0 {
				continue
			}
			if s.RunningCount == 0 {
				return gate.Busy("service " + aws.ToString(s.ServiceName) + " has no running task yet")
			}
			if err := t.awaitName(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// named is the time from a task's start until its name resolves: ECS registers
// it in Cloud Map a few seconds later, and resolvers keep that a name does not
// exist for 5 s.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
const named = 10 * time.Second

// awaitName returns a passing error while all running tasks of a service have
// just started. Tasks that ECS does not list count as started.
func (t Jobs) awaitName(ctx context.Context, s types.Service) error {
	found, err := tasks.List(ctx, t.TaskDefinitions.API, &ecs.ListTasksInput{
		Cluster: s.ClusterArn, ServiceName: s.ServiceName, DesiredStatus: types.DesiredStatusRunning,
	})
	if err != nil {
		return fmt.Errorf("service %s: %w", aws.ToString(s.ServiceName), err)
	}
	if len(found) == 0 {
		return nil
	}
	started := false
	for _, task := range found {
		if task.StartedAt == nil {
			continue
		}
		started = true
		if age := t.Clock.Now().Sub(*task.StartedAt); age >= named || age < -named { // the clocks differ
			return nil
		}
	}
	if !started {
		return nil
	}
	return gate.Busy("service " + aws.ToString(s.ServiceName) + " has just started: its name may not resolve yet")
}
