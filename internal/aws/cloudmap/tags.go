package cloudmap

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// readTags adds the tags if q is deep; lists show none.
func readTags(ctx context.Context, api *servicediscovery.Client, q engine.Query, objects []engine.Object) error {
	if !q.Deep {
		return nil
	}
	return concurrent.Each(objects, func(i int, l engine.Object) (err error) {
		objects[i].Tags, err = tagsAt(ctx, api, l.Output("arn"))
		return err
	})
}

// tagsAt reads the tags of an object; none if it is gone.
func tagsAt(ctx context.Context, api *servicediscovery.Client, arn string) (map[string]string, error) {
	out, err := api.ListTagsForResource(ctx, &servicediscovery.ListTagsForResourceInput{ResourceARN: &arn})
	if gate.IsNotFound(err) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tags of %s: %w", arn, err)
	}
	return gate.TagMap(out.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }), nil
}

// claim says whether the desired state may use an object of its name, by the mark in the
// object's description or, if that was overwritten, in its tags. It fills in the tags.
func claim[R any](
	ctx context.Context, api *servicediscovery.Client, w engine.Desired[R], name, description string, l *engine.Object,
) (err error) {
	if l.Tags, err = tagsAt(ctx, api, l.Output("arn")); err != nil {
		return err
	}
	mark, ok := engine.ParseMark(description)
	if !ok {
		mark, _ = engine.MarkOf(l.Tags)
	}
	return w.Claim(mark, name, l.ID)
}

// setTags gives an object the wanted tags; with a nil have it reads the present
// ones first.
func setTags(ctx context.Context, api *servicediscovery.Client, arn string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: arn,
		Read:   func(ctx context.Context) (map[string]string, error) { return tagsAt(ctx, api, arn) },
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.TagResource(ctx, &servicediscovery.TagResourceInput{ResourceARN: &arn, Tags: tagsOf(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			_, err := api.UntagResource(ctx, &servicediscovery.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
			return err
		},
	}, have, want)
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}
