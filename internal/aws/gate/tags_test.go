package gate_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func TestTagMapLeavesOutWhatAWSSets(t *testing.T) {
	t.Parallel()
	list := []types.Tag{
		{Key: aws.String("team"), Value: aws.String("a")},
		{Key: aws.String("aws:cloudformation:stack-name"), Value: aws.String("s")},
		{Key: aws.String("empty")},
	}
	got := gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
	if want := map[string]string{"team": "a", "empty": ""}; !maps.Equal(got, want) {
		t.Errorf("tags %v, want %v", got, want)
	}
	if none := gate.TagMap(nil, func(t types.Tag) (key, value *string) { return t.Key, t.Value }); none == nil {
		t.Error("tags that were read are nil")
	}
}

func TestSyncTags(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		there, have, want map[string]string
		keep              []string
		calls             []string
		left              map[string]string
	}{
		"right already": {there: map[string]string{"a": "1"}, have: map[string]string{"a": "1"}, want: map[string]string{"a": "1"},
			left: map[string]string{"a": "1"}},
		"not known": {there: map[string]string{"a": "1", "old": "x"}, want: map[string]string{"a": "2"},
			calls: []string{"read", "remove", "add"}, left: map[string]string{"a": "2"}},
		"kept": {there: map[string]string{"ran": "x", "old": "x"}, have: map[string]string{"ran": "x", "old": "x"},
			want: map[string]string{"a": "1"}, keep: []string{"ran"}, calls: []string{"remove", "add"},
			left: map[string]string{"a": "1", "ran": "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tags, calls := maps.Clone(tc.there), []string(nil)
			err := gate.SyncTags(t.Context(), gate.TagCalls{
				Object: "it", Keep: tc.keep,
				Read: func(context.Context) (map[string]string, error) {
					calls = append(calls, "read")
					return maps.Clone(tags), nil
				},
				Add: func(_ context.Context, add map[string]string) error {
					calls = append(calls, "add")
					maps.Copy(tags, add)
					return nil
				},
				Remove: func(_ context.Context, keys []string) error {
					calls = append(calls, "remove")
					for _, k := range keys {
						delete(tags, k)
					}
					return nil
				},
			}, tc.have, tc.want)
			if err != nil || !slices.Equal(calls, tc.calls) || !maps.Equal(tags, tc.left) {
				t.Errorf("calls %v, tags %v, error %v; want %v and %v", calls, tags, err, tc.calls, tc.left)
			}
		})
	}
}

// TestSyncTagsSetsWhatIsWantedLast: the tags that are wanted say what was last
// applied. If they were set before a removal that fails, they would hide the
// failure for ever.
func TestSyncTagsSetsWhatIsWantedLast(t *testing.T) {
	t.Parallel()
	denied := errors.New("denied")
	err := gate.SyncTags(t.Context(), gate.TagCalls{
		Object: "it",
		Add: func(context.Context, map[string]string) error {
			t.Error("the tags were set before the stale ones were gone")
			return nil
		},
		Remove: func(context.Context, []string) error { return denied },
	}, map[string]string{"old": "x"}, map[string]string{"a": "1"})
	if !errors.Is(err, denied) {
		t.Errorf("error %v", err)
	}
}

// TestUnreadTagsAreNamedOnce: the function that reads tags names the object in its
// errors, for lists as well; SyncTags adds nothing.
func TestUnreadTagsAreNamedOnce(t *testing.T) {
	t.Parallel()
	unread := errors.New("reading the tags of it: denied")
	err := gate.SyncTags(t.Context(), gate.TagCalls{
		Object: "it",
		Read:   func(context.Context) (map[string]string, error) { return nil, unread },
	}, nil, map[string]string{"a": "1"})
	if err == nil || err.Error() != unread.Error() {
		t.Errorf("got %v, want %v", err, unread)
	}
}
