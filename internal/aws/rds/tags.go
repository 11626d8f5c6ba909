package rds

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// tagsAt reads the tags of an object; none if it is gone.
func tagsAt(ctx context.Context, api *rds.Client, arn string) (map[string]string, error) {
	out, err := api.ListTagsForResource(ctx, &rds.ListTagsForResourceInput{ResourceName: &arn})
	if gate.IsNotFound(err) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return tagMap(out.TagList), nil
}

// setTags makes an object's tags those that are wanted; nil for have reads
// them first.
func setTags(ctx context.Context, api *rds.Client, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return tagsAt(ctx, api, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.AddTagsToResource(ctx, &rds.AddTagsToResourceInput{ResourceName: &arn, Tags: tagList(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.RemoveTagsFromResource(ctx, &rds.RemoveTagsFromResourceInput{ResourceName: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}
