package ecs

import (
	"context"
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
	"github.com/berthdev/berth/internal/engine/memory"
	"github.com/berthdev/berth/internal/engine/naming"
)

// revision is the latest revision of a family, with its tags.
type revision struct {
	types.TaskDefinition
	mark engine.Mark
	tags map[string]string
}

// revisions reads the latest revision of every family that belongs to one of
// the owners.
func (t TaskDefinitions) revisions(ctx context.Context, q engine.Query) ([]revision, error) {
	return memory.Once(q.Memory, "ecs.task-definitions", func() ([]revision, error) {
		families, err := t.families(ctx, q.Owners)
		if err != nil {
			return nil, fmt.Errorf("listing task definition families: %w", err)
		}
		found := make([]*revision, len(families))
		err = concurrent.Each(families, func(i int, family string) (err error) {
			found[i], err = t.latest(ctx, family)
			return err
		})
		if err != nil {
			return nil, err
		}
		var out []revision
		for _, r := range found {
			if r != nil && q.Has(r.mark.Address.Owner) {
				out = append(out, *r)
			}
		}
		return out, nil
	})
}

// families returns the names of families that carry an owner's mark, both
// active and fully deregistered ones.
func (t TaskDefinitions) families(ctx context.Context, owners []engine.Owner) ([]string, error) {
	var names []string
	pages := ecs.NewListTaskDefinitionFamiliesPaginator(t.API, &ecs.ListTaskDefinitionFamiliesInput{
		Status: types.TaskDefinitionFamilyStatusAll, MaxResults: aws.Int32(100),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, family := range page.Families {
			if slices.ContainsFunc(owners, func(o engine.Owner) bool { return naming.HasMark(family, o, t.Region) }) {
				names = append(names, family)
			}
		}
	}
	return names, nil
}

// latest returns the family's latest active revision, or else its latest
// deregistered one; nil if all that AWS has is being deleted.
func (t TaskDefinitions) latest(ctx context.Context, family string) (*revision, error) {
	r, err := t.describe(ctx, family)
	if err != nil || r != nil {
		return r, err
	}
	out, err := t.API.ListTaskDefinitions(ctx, &ecs.ListTaskDefinitionsInput{
		FamilyPrefix: &family, Status: types.TaskDefinitionStatusInactive,
		Sort: types.SortOrderDesc, MaxResults: aws.Int32(1),
	})
	if err != nil {
		return nil, fmt.Errorf("listing revisions of %s: %w", family, err)
	}
	if len(out.TaskDefinitionArns) == 0 || tasks.FamilyOf(out.TaskDefinitionArns[0]) != family {
		return nil, nil //nolint:nilnil // nothing there is an answer
	}
	return t.describe(ctx, out.TaskDefinitionArns[0])
}

// describe reads a revision, or the latest active one of a family; nil if
// there is none.
func (t TaskDefinitions) describe(ctx context.Context, name string) (*revision, error) {
	out, err := t.API.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: &name, Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	})
	if isNoRevision(err) {
		return nil, nil //nolint:nilnil // nothing there is an answer
	}
	if err != nil {
		return nil, fmt.Errorf("reading task definition %s: %w", name, err)
	}
	if out.TaskDefinition.Status == types.TaskDefinitionStatusDeleteInProgress {
		return nil, nil //nolint:nilnil // as good as gone
	}
	r := &revision{TaskDefinition: *out.TaskDefinition, tags: tagMap(out.Tags)}
	r.mark, _ = engine.MarkOf(r.tags)
	return r, nil
}

// Revision reads one revision by its ARN; ok is false if it is not there. want is the
// desired state of its family, in whose words the attributes are.
func (t TaskDefinitions) Revision(ctx context.Context, arn string, want TaskDefinition) (object engine.Object, ok bool, err error) {
	r, err := t.describe(ctx, arn)
	if err != nil || r == nil {
		return engine.Object{}, false, err
	}
	return r.object(want), true, nil
}

// isNoRevision recognises ECS's error for a task definition that does not
// exist; there is no error code for it.
func isNoRevision(err error) bool {
	if gate.IsNotFound(err) {
		return true
	}
	return gate.Code(err) == "ClientException" && strings.Contains(err.Error(), "Unable to describe task definition")
}

func (r revision) object(want TaskDefinition) engine.Object {
	arn := aws.ToString(r.TaskDefinitionArn)
	object := engine.Object{
		Address: r.mark.Address, LastApplied: r.mark.LastApplied, Tags: r.tags, ID: arn,
		Outputs: taskDefinitionOutputs(arn, aws.ToString(r.Family)),
		Attrs:   engine.Shown(taskDefinitionShown(r.TaskDefinition, want)),
		State:   engine.StateReady, Created: aws.ToTime(r.RegisteredAt),
	}
	if r.Status == types.TaskDefinitionStatusInactive {
		object.State, object.Detail = engine.StateFailed, "deregistered, but not deleted"
	}
	return object
}
