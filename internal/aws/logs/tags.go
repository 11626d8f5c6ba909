package logs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// tags reads the tags of a log group; none if it is gone.
func (t LogGroups) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
	if gate.IsNotFound(err) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	if out.Tags == nil {
		return map[string]string{}, nil
	}
	return out.Tags, nil
}

// setTags makes the group's tags those that are wanted; nil for have reads
// them first.
func (t LogGroups) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	if have == nil {
		var err error
		if have, err = t.tags(ctx, arn); err != nil {
			return err
		}
	}
	if stale := engine.StaleTags(have, want); len(stale) > 0 {
		_, err := t.API.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: &arn, TagKeys: stale})
		if err != nil {
			return fmt.Errorf("untagging %s: %w", arn, err)
		}
	}
	_, err := t.API.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: &arn, Tags: want})
	if err != nil {
		return fmt.Errorf("tagging %s: %w", arn, err)
	}
	return nil
}
