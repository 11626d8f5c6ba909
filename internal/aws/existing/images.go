package existing

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// InECR says whether an image is in the private registry of an account and
// region, ACCOUNT.dkr.ecr.REGION.amazonaws.com.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
func InECR(image, account, region string) bool {
	return strings.HasPrefix(image, account+".dkr.ecr."+region+".amazonaws.") && strings.Contains(image, "/")
}

// image checks that an image exists in ECR. An image below the prefix of a
// pull-through cache appears with the first pull.
func (r *reader) image(ctx context.Context, reference string) error {
	_, name, _ := strings.Cut(reference, "/")
	name, digest, pinned := strings.Cut(name, "@")
	repository, tag, tagged := strings.Cut(name, ":")
	id := types.ImageIdentifier{}
	switch {
	case pinned:
		id.ImageDigest = &digest
	case tagged:
		id.ImageTag = &tag
	default:
		id.ImageTag = aws.String("latest")
	}
	_, err := r.ECR.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: &repository, ImageIds: []types.ImageIdentifier{id}})
	if !gate.IsNotFound(err) {
		return err
	}
	missing := "its repository has no such image"
	if gate.Code(err) == "RepositoryNotFoundException" {
		missing = "there is no repository " + repository + " in " + r.names.Region
	}
	if through, err := through(ctx, r.Clients, repository); err != nil || through {
		return err
	}
	r.problem(KeyImage, reference, "push the image first, or correct its name, tag or digest", "%s", missing)
	return nil
}

// through says whether the first pull of an image makes its repository.
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
func through(ctx context.Context, c Clients, repository string) (bool, error) {
	pages := ecr.NewDescribePullThroughCacheRulesPaginator(c.ECR, &ecr.DescribePullThroughCacheRulesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, rule := range page.PullThroughCacheRules {
			prefix := aws.ToString(rule.EcrRepositoryPrefix)
			if prefix == "ROOT" || strings.HasPrefix(repository, prefix+"/") {
				return true, nil
			}
		}
	}
	return false, nil
}
