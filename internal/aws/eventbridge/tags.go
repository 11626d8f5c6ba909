package eventbridge

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func (t Rules) tags(ctx context.Context, arn string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: &arn})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

func (t Rules) setTags(ctx context.Context, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return t.tags(ctx, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &eventbridge.TagResourceInput{ResourceARN: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &eventbridge.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
