package sandbox

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func (p *ecsPart) tagRoutes(r *router) {
	on(r, p.tagResource)
	on(r, p.untagResource)
	on(r, p.listTagsForResource)
}

// tagsOf are the tags of a cluster, service, task or task definition.
func (p *ecsPart) tagsOf(rq *request, arn *string) (*[]types.Tag, error) {
	id := aws.ToString(arn)
	kind, rest, _ := strings.Cut(strings.TrimPrefix(id, p.account.arn("ecs", "")), "/")
	switch kind {
	case "cluster":
		if c := p.s.Clusters.find(rq, rest); c != nil && c.Status == active {
			return &c.Tags, nil
		}
		return nil, noCluster()
	case "service":
		if s := p.s.Services.find(rq, id); s != nil {
			return &s.Tags, nil
		}
	case "task":
		if t := p.s.Tasks.find(rq, lastPart(rest)); t != nil {
			return &t.Tags, nil
		}
	case "task-definition":
		if d := p.s.Definitions.find(rq, id); d != nil {
			return &d.Tags, nil
		}
	}
	return nil, badInput("The specified resource was not found. Specify a valid resource and try again: %s", id)
}

func (p *ecsPart) tagResource(rq *request, in *ecs.TagResourceInput) (*ecs.TagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		*tags = slices.DeleteFunc(*tags, func(have types.Tag) bool { return aws.ToString(have.Key) == aws.ToString(t.Key) })
	}
	*tags = append(*tags, in.Tags...)
	if len(*tags) > 50 {
		return nil, badInput("A resource can have at most 50 tags.")
	}
	return &ecs.TagResourceOutput{}, nil
}

func (p *ecsPart) untagResource(rq *request, in *ecs.UntagResourceInput) (*ecs.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	*tags = slices.DeleteFunc(*tags, func(t types.Tag) bool { return slices.Contains(in.TagKeys, aws.ToString(t.Key)) })
	return &ecs.UntagResourceOutput{}, nil
}

func (p *ecsPart) listTagsForResource(rq *request, in *ecs.ListTagsForResourceInput) (*ecs.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTagsForResourceOutput{Tags: slices.Clone(*tags)}, nil
}
