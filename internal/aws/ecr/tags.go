package ecr

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// tags are a repository's tags.
func (t Repositories) tags(ctx context.Context, name string) (map[string]string, error) {
	out, err := t.API.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: aws.String(t.arn(name))})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of repository %s: %w", name, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

// setTags gives a repository the wanted tags; with a nil have it reads the
// present ones first.
func (t Repositories) setTags(ctx context.Context, name string, have, want map[string]string) error {
	arn := t.arn(name)
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: "repository " + name,
		Read:   func(ctx context.Context) (map[string]string, error) { return t.tags(ctx, name) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.TagResource(ctx, &ecr.TagResourceInput{ResourceArn: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := t.API.UntagResource(ctx, &ecr.UntagResourceInput{ResourceArn: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
