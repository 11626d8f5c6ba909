package ecs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// perDeletion is how many revisions one DeleteTaskDefinitions call takes.
const perDeletion = 10

// Delete implements engine.Type: it deregisters and deletes every revision of
// the family. AWS keeps a revision in deletion until its last task has ended;
// such a revision counts as gone. The latest revision is deleted last, so that
// an interrupted deletion leaves a family that can be found.
func (t TaskDefinitions) Delete(ctx context.Context, object engine.Object) error {
	family := object.Outputs["family"]
	if family == "" {
		family = tasks.FamilyOf(object.ID)
	}
	active, err := t.revisionsOf(ctx, family, types.TaskDefinitionStatusActive)
	if err != nil {
		return err
	}
	inactive, err := t.revisionsOf(ctx, family, types.TaskDefinitionStatusInactive)
	if err != nil {
		return err
	}
	if object.State == engine.StateReady && !slices.Contains(active, object.ID) && !slices.Contains(inactive, object.ID) {
		active = append(active, object.ID) // lists lag behind
	}
	for batch := range slices.Chunk(slices.Concat(inactive, active), perDeletion) {
		if err := t.deleteBatch(ctx, batch, active); err != nil {
			return err
		}
	}
	return nil
}

func (t TaskDefinitions) deleteBatch(ctx context.Context, arns, active []string) error {
	registered := slices.DeleteFunc(slices.Clone(arns), func(arn string) bool { return !slices.Contains(active, arn) })
	err := concurrent.Each(registered, func(_ int, arn string) error {
		_, err := t.API.DeregisterTaskDefinition(ctx, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &arn})
		if err != nil && !isNoRevision(err) && !isInactive(err) {
			return fmt.Errorf("deregistering %s: %w", arn, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	out, err := t.API.DeleteTaskDefinitions(ctx, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: arns})
	if err != nil {
		return fmt.Errorf("deleting revisions of %s: %w", tasks.FamilyOf(arns[0]), err)
	}
	return t.deletionFailures(ctx, out.Failures)
}

// isInactive recognises ECS's error for a revision that is deregistered
// already, by a call whose answer was lost.
func isInactive(err error) bool {
	return gate.Code(err) == "ClientException" && strings.Contains(err.Error(), "is inactive")
}

// deletionFailures returns the errors for the revisions that
// DeleteTaskDefinitions could not delete. ECS gives its reasons in prose, so
// the function checks whether the revision still exists.
func (t TaskDefinitions) deletionFailures(ctx context.Context, failures []types.Failure) error {
	var errs []error
	for _, f := range failures {
		arn := aws.ToString(f.Arn)
		if r, err := t.describe(ctx, arn); err == nil && r == nil {
			continue
		}
		err := gate.Failure(ecs.ServiceID, "DeleteTaskDefinitions", "ConflictingOperation", aws.ToString(f.Reason))
		errs = append(errs, fmt.Errorf("deleting %s: %w", arn, err))
	}
	return errors.Join(errs...)
}

// revisionsOf returns the ARNs of a family's revisions with a status, oldest
// first.
func (t TaskDefinitions) revisionsOf(ctx context.Context, family string, status types.TaskDefinitionStatus) ([]string, error) {
	var arns []string
	pages := ecs.NewListTaskDefinitionsPaginator(t.API, &ecs.ListTaskDefinitionsInput{
		FamilyPrefix: &family, Status: status, Sort: types.SortOrderAsc, MaxResults: aws.Int32(100),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing revisions of %s: %w", family, err)
		}
		for _, arn := range page.TaskDefinitionArns {
			if tasks.FamilyOf(arn) == family {
				arns = append(arns, arn)
			}
		}
	}
	return arns, nil
}
