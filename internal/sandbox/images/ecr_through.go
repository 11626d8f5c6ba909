package images

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// AddPullThrough adds a pull-through cache rule: the first pull of an image
// below the prefix makes its repository and copies the image from another
// registry.
func (p *ECR) AddPullThrough(prefix string) {
	p.s.PullThrough = append(p.s.PullThrough, prefix)
}

func (p *ECR) describePullThrough(_ *world.Request, in *ecr.DescribePullThroughCacheRulesInput) (*ecr.DescribePullThroughCacheRulesOutput, error) {
	var rules []types.PullThroughCacheRule
	for _, prefix := range p.s.PullThrough {
		rules = append(rules, types.PullThroughCacheRule{EcrRepositoryPrefix: aws.String(prefix), RegistryId: aws.String(p.account.Number())})
	}
	page, next, err := world.Page(rules, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'nextToken'")}
	}
	return &ecr.DescribePullThroughCacheRulesOutput{PullThroughCacheRules: page, NextToken: next}, nil
}

// through reports whether a pull would make a repository that does not exist.
func (p *ECR) through(repository string) bool {
	for _, prefix := range p.s.PullThrough {
		if strings.HasPrefix(repository, prefix+"/") {
			return true
		}
	}
	return false
}

// Imports reports whether a pull makes a repository: it does not exist, and a rule
// covers it.
func (p *ECR) Imports(repository string) bool {
	return p.s.Repositories.Get(repository) == nil && p.through(repository)
}
