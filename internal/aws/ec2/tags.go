package ec2

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// tagsAtCreate returns the tags for a create call, sorted by key.
func tagsAtCreate(kind types.ResourceType, tags map[string]string) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: tagList(tags)}}
}

func tagList(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

// addressOf returns the address that an object's tags name; zero if they name
// none.
func addressOf(typ string, tags map[string]string) engine.Address {
	owner, err := engine.ParseOwner(tags[engine.TagOwner])
	if err != nil {
		return engine.Address{}
	}
	a, err := engine.ParseAddress(owner, tags[engine.TagAddress])
	if err != nil || a.Type != typ {
		return engine.Address{}
	}
	return a
}

// mayUse says whether the object that has a name is the desired state's own, or one
// that the user told berth to adopt; if not, the error is an *engine.TakenError.
func mayUse[R any](w engine.Desired[R], name, id string, tags map[string]string) error {
	own := tags[engine.TagOwner] == w.Address.Owner.String() && tags[engine.TagAddress] == w.Address.String()
	if own || w.Adopt {
		return nil
	}
	return &engine.TakenError{Address: w.Address, Name: name, ID: id, Owner: tags[engine.TagOwner]}
}

// ready returns an object in StateReady with the attributes of r.
func ready(r engine.Resource, id string, tags map[string]string, hidden ...string) engine.Object {
	return engine.Object{
		Address:     addressOf(r.Type(), tags),
		ID:          id,
		Attrs:       engine.Shown(r, hidden...),
		Tags:        tags,
		LastApplied: tags[engine.TagLastApplied],
		State:       engine.StateReady,
	}
}

// retag changes an object's tags from have to want. If have is nil, the tags
// are not known and all wanted ones are set.
func retag(ctx context.Context, api *sdk.Client, id string, have, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: id,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := api.CreateTags(ctx, &sdk.CreateTagsInput{Resources: []string{id}, Tags: tagList(tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			var gone []types.Tag
			for _, key := range keys {
				gone = append(gone, types.Tag{Key: &key})
			}
			_, err := api.DeleteTags(ctx, &sdk.DeleteTagsInput{Resources: []string{id}, Tags: gone})
			return err
		},
	}, have, want)
}
