package compute

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *ECS) tagRoutes(r *world.Router) {
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTagsForResource)
}

// tagsOf are the tags of a cluster, service, task or task definition.
func (p *ECS) tagsOf(rq *world.Request, arn *string) (*[]types.Tag, error) {
	id := aws.ToString(arn)
	kind, rest, _ := strings.Cut(strings.TrimPrefix(id, p.account.ARN("ecs", "")), "/")
	switch kind {
	case "cluster":
		if c := p.s.Clusters.Find(rq, rest); c != nil && c.Status == active {
			return &c.Tags, nil
		}
		return nil, noCluster()
	case "service":
		if s := p.s.Services.Find(rq, id); s != nil {
			return &s.Tags, nil
		}
	case "capacity-provider":
		if o := p.s.Capacities.Find(rq, rest); o != nil {
			return &o.Tags, nil
		}
	case "task":
		if t := p.s.Tasks.Find(rq, world.LastPart(rest)); t != nil {
			return &t.Tags, nil
		}
	case "task-definition":
		if d := p.s.Definitions.Find(rq, id); d != nil {
			return &d.Tags, nil
		}
	}
	return nil, badInput("The specified resource was not found. Specify a valid resource and try again: %s", id)
}

func (p *ECS) tagResource(rq *world.Request, in *ecs.TagResourceInput) (*ecs.TagResourceOutput, error) {
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

func (p *ECS) untagResource(rq *world.Request, in *ecs.UntagResourceInput) (*ecs.UntagResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	*tags = slices.DeleteFunc(*tags, func(t types.Tag) bool { return slices.Contains(in.TagKeys, aws.ToString(t.Key)) })
	return &ecs.UntagResourceOutput{}, nil
}

func (p *ECS) listTagsForResource(rq *world.Request, in *ecs.ListTagsForResourceInput) (*ecs.ListTagsForResourceOutput, error) {
	tags, err := p.tagsOf(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTagsForResourceOutput{Tags: slices.Clone(*tags)}, nil
}
