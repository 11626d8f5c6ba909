package ecs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// setTags changes an object's tags from have to want, leaving the keys of keep
// alone.
func setTags(ctx context.Context, api *ecs.Client, arn string, have, want map[string]string, keep ...string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: LastPart(arn),
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.TagResource(ctx, &ecs.TagResourceInput{ResourceArn: &arn, Tags: tagsOf(tags)})
			return passing(err)
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.UntagResource(ctx, &ecs.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
			return err
		},
		Keep: keep,
	}, have, want)
}

// addTags adds tags to an object and leaves its others alone.
func addTags(ctx context.Context, api *ecs.Client, arn string, tags map[string]string) error {
	return setTags(ctx, api, arn, nil, tags)
}
