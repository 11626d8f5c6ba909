package ecs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

// tagMap is never nil: the tags were read.
func tagMap(tags []types.Tag) map[string]string {
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

// setTags brings an object's tags from have to want, leaving the keys of keep
// alone. Tags that are right already cost no call.
func setTags(ctx context.Context, api *ecs.Client, arn string, have, want map[string]string, keep ...string) error {
	stale := slices.DeleteFunc(engine.StaleTags(have, want), func(k string) bool { return slices.Contains(keep, k) })
	if len(stale) > 0 {
		_, err := api.UntagResource(ctx, &ecs.UntagResourceInput{ResourceArn: &arn, TagKeys: stale})
		if err != nil {
			return fmt.Errorf("untagging %s: %w", lastPart(arn), err)
		}
	}
	added := map[string]string{}
	for k, v := range want {
		if old, ok := have[k]; !ok || old != v {
			added[k] = v
		}
	}
	if len(added) == 0 {
		return nil
	}
	return addTags(ctx, api, arn, added)
}

func addTags(ctx context.Context, api *ecs.Client, arn string, tags map[string]string) error {
	_, err := api.TagResource(ctx, &ecs.TagResourceInput{ResourceArn: &arn, Tags: tagsOf(tags)})
	if err != nil {
		return fmt.Errorf("tagging %s: %w", lastPart(arn), passing(err))
	}
	return nil
}
