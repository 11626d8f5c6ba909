package elb

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// tagsPerCall is how many objects one DescribeTags call takes
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html).
const tagsPerCall = 20

// tagsOfAll reads the tags of many objects of any kind.
func tagsOfAll(ctx context.Context, api *elbv2.Client, arns []string) (map[string]map[string]string, error) {
	batches := slices.Collect(slices.Chunk(arns, tagsPerCall))
	found := make([]map[string]map[string]string, len(batches))
	err := concurrent.Each(batches, func(i int, batch []string) (err error) {
		found[i], err = tagsOfBatch(ctx, api, batch)
		return err
	})
	all := map[string]map[string]string{}
	for _, batch := range found {
		maps.Copy(all, batch)
	}
	return all, err
}

// tagsOfBatch reads the tags of up to 20 objects. One missing object fails the
// call for all; then it reads the two halves separately.
func tagsOfBatch(ctx context.Context, api *elbv2.Client, arns []string) (map[string]map[string]string, error) {
	out, err := api.DescribeTags(ctx, &elbv2.DescribeTagsInput{ResourceArns: arns})
	if gate.IsNotFound(err) {
		if len(arns) == 1 {
			return nil, nil
		}
		both, err := tagsOfBatch(ctx, api, arns[:len(arns)/2])
		if err != nil {
			return nil, err
		}
		rest, err := tagsOfBatch(ctx, api, arns[len(arns)/2:])
		if both == nil {
			return rest, err
		}
		maps.Copy(both, rest)
		return both, err
	}
	if err != nil {
		return nil, fmt.Errorf("reading tags: %w", err)
	}
	all := map[string]map[string]string{}
	for _, d := range out.TagDescriptions {
		all[aws.ToString(d.ResourceArn)] = gate.TagMap(d.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
	}
	return all, nil
}

// claim reads the tags of the object that has the desired state's name and says
// whether the desired state may use it. there is false if the object is gone.
func claim[R any](ctx context.Context, api *elbv2.Client, w engine.Desired[R], name, arn string) (
	tags map[string]string, there bool, err error,
) {
	all, err := tagsOfBatch(ctx, api, []string{arn})
	if err != nil {
		return nil, false, err
	}
	tags, there = all[arn]
	if !there {
		return nil, false, nil
	}
	mark, _ := engine.MarkOf(tags)
	return tags, true, w.Claim(mark, name, arn)
}

// setTags changes an object's tags from have to want.
func setTags(ctx context.Context, api *elbv2.Client, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.AddTags(ctx, &elbv2.AddTagsInput{ResourceArns: []string{arn}, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.RemoveTags(ctx, &elbv2.RemoveTagsInput{ResourceArns: []string{arn}, TagKeys: keys})
			return err
		},
	}, have, want)
}

// begun returns the tags for an object whose creation takes more calls: they do
// not say yet what was last applied.
func begun(tags map[string]string) map[string]string {
	tags = maps.Clone(tags)
	delete(tags, engine.TagLastApplied)
	return tags
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
