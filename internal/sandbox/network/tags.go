package network

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *EC2) tagRoutes(r *world.Router) {
	world.On(r, p.createTags)
	world.On(r, p.deleteTags)
}

// maxTags is AWS's limit of tags on one object.
const maxTags = 50

func (p *EC2) createTags(rq *world.Request, in *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) {
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	objects, err := p.taggable(rq, in.Resources)
	if err != nil {
		return nil, err
	}
	for _, tags := range objects {
		merged := withTags(slices.Clone(*tags), in.Tags)
		if len(merged) > maxTags {
			return nil, world.APIError(400, "TagLimitExceeded", "More than %d tags specified", maxTags)
		}
		*tags = merged
	}
	return &ec2.CreateTagsOutput{}, nil
}

func (p *EC2) deleteTags(rq *world.Request, in *ec2.DeleteTagsInput) (*ec2.DeleteTagsOutput, error) {
	objects, err := p.taggable(rq, in.Resources)
	if err != nil {
		return nil, err
	}
	for _, tags := range objects {
		*tags = slices.DeleteFunc(*tags, func(t types.Tag) bool { return tagDoomed(t, in.Tags) })
	}
	return &ec2.DeleteTagsOutput{}, nil
}

// tagDoomed reports whether DeleteTags removes a tag: without a list it removes
// all, with a key those with the key, and with a value only those with both.
func tagDoomed(t types.Tag, list []types.Tag) bool {
	if len(list) == 0 {
		return !strings.HasPrefix(aws.ToString(t.Key), "aws:")
	}
	return slices.ContainsFunc(list, func(d types.Tag) bool {
		return aws.ToString(d.Key) == aws.ToString(t.Key) &&
			(d.Value == nil || *d.Value == aws.ToString(t.Value))
	})
}

func (p *EC2) taggable(rq *world.Request, ids []string) ([]*[]types.Tag, error) {
	var out []*[]types.Tag
	for _, id := range ids {
		tags := p.tagsOf(rq, id)
		if tags == nil {
			return nil, world.APIError(400, "InvalidID", "The ID '%s' is not valid", id)
		}
		out = append(out, tags)
	}
	return out, nil
}

// specTags are the tags that a create call gives to objects of a type.
func specTags(specs []types.TagSpecification, kind types.ResourceType) ([]types.Tag, error) {
	var tags []types.Tag
	for _, s := range specs {
		if s.ResourceType != kind {
			return nil, badValue("Tag specification resource type '%s' is not valid for this request, use '%s'",
				s.ResourceType, kind)
		}
		tags = withTags(tags, s.Tags)
	}
	return tags, checkTags(tags)
}

// checkTags applies AWS's limits: keys of 128 characters, values of 256, no
// aws: prefix.
func checkTags(tags []types.Tag) error {
	if len(tags) > maxTags {
		return world.APIError(400, "TagLimitExceeded", "More than %d tags specified", maxTags)
	}
	for _, t := range tags {
		k, v := aws.ToString(t.Key), aws.ToString(t.Value)
		switch {
		case k == "" || len([]rune(k)) > 128:
			return badValue("Tag key '%s' is not valid: it must have 1 to 128 characters", k)
		case len([]rune(v)) > 256:
			return badValue("Tag value of '%s' exceeds the maximum length of 256 characters", k)
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			return badValue("Tag keys starting with 'aws:' are reserved for internal use")
		}
	}
	return nil
}

// withTags merges tags: a key that exists gets the new value.
func withTags(tags, more []types.Tag) []types.Tag {
	for _, m := range more {
		i := slices.IndexFunc(tags, func(t types.Tag) bool {
			return aws.ToString(t.Key) == aws.ToString(m.Key)
		})
		if i < 0 {
			tags = append(tags, m)
		} else {
			tags[i] = m
		}
	}
	return tags
}

// tagValue is the value of a tag.
func tagValue(tags []types.Tag, key string) (string, bool) {
	for _, t := range tags {
		if aws.ToString(t.Key) == key {
			return aws.ToString(t.Value), true
		}
	}
	return "", false
}

// stableName names an object in a dump: by berth's mark if it has one, then by
// its Name tag, otherwise by what the caller passes.
func stableName(tags []types.Tag, otherwise string) string {
	owner, _ := tagValue(tags, "berth:owner")
	if a, ok := tagValue(tags, "berth:address"); ok {
		return owner + ":" + a
	}
	if n, ok := tagValue(tags, "Name"); ok {
		return n
	}
	return otherwise
}
