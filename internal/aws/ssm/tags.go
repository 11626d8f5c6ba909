package ssm

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

// tags returns the tags of a parameter.
func tags(ctx context.Context, api *ssm.Client, name string) (map[string]string, error) {
	out, err := api.ListTagsForResource(ctx, &ssm.ListTagsForResourceInput{
		ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &name,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the tags of parameter %s: %w", name, err)
	}
	return gate.TagMap(out.TagList, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

func setTags(ctx context.Context, api *ssm.Client, name string, tags map[string]string) error {
	_, err := api.AddTagsToResource(ctx, &ssm.AddTagsToResourceInput{
		ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &name, Tags: tagsOf(tags),
	})
	if err != nil {
		return fmt.Errorf("tagging parameter %s: %w", name, err)
	}
	return nil
}
