package sandbox

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// AddPullThrough adds a pull-through cache rule: a repository below the prefix
// is made when one of its images is pulled first, from another registry.
func (w *World) AddPullThrough(prefix string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ecr.s.PullThrough = append(w.ecr.s.PullThrough, prefix)
}

func (p *ecrPart) describePullThrough(_ *request, in *ecr.DescribePullThroughCacheRulesInput) (*ecr.DescribePullThroughCacheRulesOutput, error) {
	var rules []types.PullThroughCacheRule
	for _, prefix := range p.s.PullThrough {
		rules = append(rules, types.PullThroughCacheRule{EcrRepositoryPrefix: aws.String(prefix), RegistryId: aws.String(p.w.Account())})
	}
	page, next, err := pageOf(rules, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'nextToken'")}
	}
	return &ecr.DescribePullThroughCacheRulesOutput{PullThroughCacheRules: page, NextToken: next}, nil
}

// through says whether a repository that does not exist is made by a pull.
func (p *ecrPart) through(repository string) bool {
	for _, prefix := range p.s.PullThrough {
		if strings.HasPrefix(repository, prefix+"/") {
			return true
		}
	}
	return false
}

// imagesWork says why a task's execution role cannot pull its images from ECR;
// "" when it can.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
func (p *ecsPart) imagesWork(d *taskDefinition) string {
	role := aws.ToString(d.Shown.ExecutionRoleArn)
	for _, c := range d.Shown.ContainerDefinitions {
		rest, ours := strings.CutPrefix(aws.ToString(c.Image), p.w.ecr.registry()+"/")
		if !ours {
			continue
		}
		name, _, _ := strings.Cut(rest, "@")
		name, _, _ = strings.Cut(name, ":")
		actions := []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
		if p.w.ecr.s.Repositories.get(name) == nil && p.w.ecr.through(name) {
			actions = append(actions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
		}
		if !p.w.roleAllows(role, "ecr:GetAuthorizationToken", "*") {
			return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: " +
				"unable to retrieve ecr registry auth: service call has been retried 1 time(s): " + denied(role, "ecr:GetAuthorizationToken", "*")
		}
		arn := p.w.arn("ecr", "repository/"+name)
		for _, action := range actions {
			if !p.w.roleAllows(role, action, arn) {
				return "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " +
					aws.ToString(c.Image) + ": unexpected status from HEAD request: 403 Forbidden: " + denied(role, action, arn)
			}
		}
	}
	return ""
}
