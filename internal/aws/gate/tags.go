package gate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// awsTags is the prefix of the tags that AWS itself sets and that nobody else
// may change (https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html).
const awsTags = "aws:"

// Tags returns a service's tags for a request, sorted by key.
func Tags[T any](tags map[string]string, tag func(key, value *string) T) []T {
	list := make([]T, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		v := tags[k]
		list = append(list, tag(&k, &v))
	}
	return list
}

// TagMap returns the tags of an answer without those that AWS itself sets. It
// is never nil: the tags were read.
func TagMap[T any](list []T, tag func(T) (key, value *string)) map[string]string {
	tags := make(map[string]string, len(list))
	for _, t := range list {
		key, value := tag(t)
		tags[aws.ToString(key)] = aws.ToString(value)
	}
	return WithoutAWSTags(tags)
}

// WithoutAWSTags takes the tags that AWS itself sets out of a map and returns
// it. A nil map stays nil.
func WithoutAWSTags(tags map[string]string) map[string]string {
	maps.DeleteFunc(tags, func(key, _ string) bool { return strings.HasPrefix(key, awsTags) })
	return tags
}

// TagCalls are the calls that change the tags of one object.
type TagCalls struct {
	// Object is the object's name in errors.
	Object string
	// Read returns the present tags; its errors name the object. It is called
	// when the tags are not known; a nil Read means that there are none.
	Read func(ctx context.Context) (map[string]string, error)
	// Add adds or overwrites tags, Remove removes tags by their sorted keys.
	Add    func(ctx context.Context, tags map[string]string) error
	Remove func(ctx context.Context, keys []string) error
	// Keep are the keys of tags that are left alone.
	Keep []string
}

// SyncTags gives an object the wanted tags; with a nil have it reads the present
// ones first. If the tags are right already it makes no call. It removes stale
// tags first: the wanted tags say what was last applied, so they must be set
// last.
func SyncTags(ctx context.Context, c TagCalls, have, want map[string]string) error {
	if have == nil && c.Read != nil {
		var err error
		if have, err = c.Read(ctx); err != nil {
			return err
		}
	}
	var stale []string
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, wanted := want[key]; !wanted && !slices.Contains(c.Keep, key) {
			stale = append(stale, key)
		}
	}
	if len(stale) > 0 {
		if err := c.Remove(ctx, stale); err != nil {
			return fmt.Errorf("removing tags of %s: %w", c.Object, err)
		}
	}
	missing := map[string]string{}
	for key, value := range want {
		if old, ok := have[key]; !ok || old != value {
			missing[key] = value
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := c.Add(ctx, missing); err != nil {
		return fmt.Errorf("tagging %s: %w", c.Object, err)
	}
	return nil
}
