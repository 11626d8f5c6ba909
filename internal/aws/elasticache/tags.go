package elasticache

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

// tagsAt reads the tags of an object; none if it is gone.
func tagsAt(ctx context.Context, api *elasticache.Client, arn string) (map[string]string, error) {
	out, err := api.ListTagsForResource(ctx, &elasticache.ListTagsForResourceInput{ResourceName: &arn})
	if gate.IsNotFound(err) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.TagList, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

// setTags makes an object's tags those that are wanted; nil for have reads
// them first.
func setTags(ctx context.Context, api *elasticache.Client, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return tagsAt(ctx, api, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.AddTagsToResource(ctx, &elasticache.AddTagsToResourceInput{ResourceName: &arn, Tags: tagList(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.RemoveTagsFromResource(ctx, &elasticache.RemoveTagsFromResourceInput{ResourceName: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}
