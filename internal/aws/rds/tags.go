package rds

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	tags := make(map[string]string, len(list))
	for _, t := range list {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags
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
	if have == nil {
		var err error
		if have, err = tagsAt(ctx, api, arn); err != nil {
			return err
		}
	}
	if stale := engine.StaleTags(have, want); len(stale) > 0 {
		_, err := api.RemoveTagsFromResource(ctx, &rds.RemoveTagsFromResourceInput{ResourceName: &arn, TagKeys: stale})
		if err != nil {
			return fmt.Errorf("untagging %s: %w", arn, err)
		}
	}
	if maps.Equal(have, want) {
		return nil
	}
	_, err := api.AddTagsToResource(ctx, &rds.AddTagsToResourceInput{ResourceName: &arn, Tags: tagList(want)})
	if err != nil {
		return fmt.Errorf("tagging %s: %w", arn, err)
	}
	return nil
}
