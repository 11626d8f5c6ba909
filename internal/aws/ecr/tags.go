package ecr

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// tags are a repository's tags.
func (t Repositories) tags(ctx context.Context, name string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: aws.String(t.arn(name))})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of repository %s: %w", name, err)
	}
	tags := map[string]string{}
	for _, tag := range out.Tags {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return tags, nil
}

// setTags makes a repository's tags those that are wanted; nil for have reads
// them first.
func (t Repositories) setTags(ctx context.Context, name string, have, want map[string]string) (err error) {
	if have == nil {
		if have, err = t.tags(ctx, name); err != nil {
			return err
		}
	}
	if stale := engine.StaleTags(have, want); len(stale) > 0 {
		_, err = t.API.UntagResource(ctx, &ecr.UntagResourceInput{ResourceArn: aws.String(t.arn(name)), TagKeys: stale})
		if err != nil {
			return fmt.Errorf("removing tags of repository %s: %w", name, err)
		}
	}
	if maps.Equal(have, want) {
		return nil
	}
	_, err = t.API.TagResource(ctx, &ecr.TagResourceInput{ResourceArn: aws.String(t.arn(name)), Tags: tagsOf(want)})
	if err != nil {
		return fmt.Errorf("tagging repository %s: %w", name, err)
	}
	return nil
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
