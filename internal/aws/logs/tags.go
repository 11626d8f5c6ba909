package logs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/berthdev/berth/internal/aws/gate"
)

// tags reads the tags of a log group; none if it is gone.
func (t LogGroups) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
	if gate.IsNotFound(err) || err == nil && out.Tags == nil {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.WithoutAWSTags(out.Tags), nil
}

// setTags gives a group the wanted tags; with a nil have it reads the present
// ones first.
func (t LogGroups) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return t.tags(ctx, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: &arn, Tags: tags})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}
