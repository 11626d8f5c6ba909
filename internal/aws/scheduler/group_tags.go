package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

func (t Groups) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &scheduler.ListTagsForResourceInput{ResourceArn: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

func (t Groups) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return t.tags(ctx, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &scheduler.TagResourceInput{ResourceArn: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &scheduler.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

// onlyOwn fails while a group holds schedules: with an error that passes while they
// are berth's, which are being deleted, and with one that names them otherwise.
func (t Groups) onlyOwn(ctx context.Context, group engine.Object) error {
	names, err := names(ctx, t.API, group.ID)
	if err != nil {
		return err
	}
	var foreign []string
	own := 0
	for _, name := range names {
		out, err := t.API.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: &group.ID, Name: &name})
		if gate.IsNotFound(err) {
			continue // lists still show what was deleted a moment ago
		}
		if err != nil {
			return fmt.Errorf("reading schedule %s: %w", name, err)
		}
		if mark, ok := engine.ParseMark(aws.ToString(out.Description)); ok && mark.Address.Owner == group.Address.Owner {
			own++
			continue
		}
		foreign = append(foreign, name)
	}
	slices.Sort(foreign)
	switch {
	case len(foreign) > 0:
		return &ForeignSchedulesError{Group: group.ID, Names: foreign}
	case own > 0:
		return gate.Busy(fmt.Sprintf("schedule group %s still has %d of the stack's schedules", group.ID, own))
	}
	return nil
}

// ForeignSchedulesError says that a group cannot be deleted, because AWS would delete
// other people's schedules with it.
type ForeignSchedulesError struct {
	Group string
	Names []string
}

// Error implements error.
func (e *ForeignSchedulesError) Error() string {
	return fmt.Sprintf("schedule group %s has schedules that berth did not make, and that AWS would delete with it: %s; "+
		"delete them, or make them again in another group", e.Group, strings.Join(e.Names, ", "))
}
