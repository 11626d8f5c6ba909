package images

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// repositoryNames is AWS's pattern, from the API reference of CreateRepository.
var repositoryNames = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)

// maxRepositories is the quota of repositories in a region.
const maxRepositories = 100000

func (p *ECR) createRepository(rq *world.Request, in *ecr.CreateRepositoryInput) (*ecr.CreateRepositoryOutput, error) {
	name := aws.ToString(in.RepositoryName)
	if len(name) < 2 || len(name) > 256 || !repositoryNames.MatchString(name) {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'repositoryName' failed to satisfy constraint")}
	}
	if p.s.Repositories.Get(name) != nil {
		return nil, &types.RepositoryAlreadyExistsException{Message: aws.String(fmt.Sprintf(
			"The repository with name '%s' already exists in the registry with id '%s'", name, p.account.Number()))}
	}
	if len(p.s.Repositories.All()) >= p.account.Quota("repositories", maxRepositories) {
		return nil, &types.LimitExceededException{Message: aws.String("The quota of repositories has been reached.")}
	}
	r := &repository{
		Name: name, ARN: p.account.ARN("ecr", "repository/"+name), Created: rq.Now, Images: map[string]*ecrImage{},
		Mutability: cmp.Or(in.ImageTagMutability, types.ImageTagMutabilityMutable), Exclusions: in.ImageTagMutabilityExclusionFilters,
		Encryption: in.EncryptionConfiguration, Tags: world.TagMap(in.Tags),
		Scan: in.ImageScanningConfiguration != nil && in.ImageScanningConfiguration.ScanOnPush,
	}
	if err := checkExclusions(r); err != nil {
		return nil, err
	}
	p.s.Repositories.Put(p.account, rq.Now, name, r)
	return &ecr.CreateRepositoryOutput{Repository: p.shown(r)}, nil
}

func checkExclusions(r *repository) error {
	exclusive := r.Mutability == types.ImageTagMutabilityImmutableWithExclusion || r.Mutability == types.ImageTagMutabilityMutableWithExclusion
	if exclusive != (len(r.Exclusions) > 0) {
		return &types.InvalidParameterException{Message: aws.String("imageTagMutabilityExclusionFilters and imageTagMutability do not fit")}
	}
	return nil
}

func (p *ECR) shown(r *repository) *types.Repository {
	encryption := r.Encryption
	if encryption == nil {
		encryption = &types.EncryptionConfiguration{EncryptionType: types.EncryptionTypeAes256}
	}
	return &types.Repository{
		RepositoryName: &r.Name, RepositoryArn: &r.ARN, RegistryId: aws.String(p.account.Number()), CreatedAt: &r.Created,
		RepositoryUri: aws.String(p.Registry() + "/" + r.Name), ImageTagMutability: r.Mutability,
		ImageTagMutabilityExclusionFilters: r.Exclusions, EncryptionConfiguration: encryption,
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: r.Scan},
	}
}

// find returns the repository that a call names. ECR's reads are consistent.
func (p *ECR) find(name *string) (*repository, error) {
	if r := p.s.Repositories.Get(aws.ToString(name)); r != nil {
		return r, nil
	}
	return nil, &types.RepositoryNotFoundException{Message: aws.String(fmt.Sprintf(
		"The repository with name '%s' does not exist in the registry with id '%s'", aws.ToString(name), p.account.Number()))}
}

func (p *ECR) describeRepositories(_ *world.Request, in *ecr.DescribeRepositoriesInput) (*ecr.DescribeRepositoriesOutput, error) {
	var found []types.Repository
	for _, name := range in.RepositoryNames {
		r, err := p.find(&name)
		if err != nil {
			return nil, err
		}
		found = append(found, *p.shown(r))
	}
	if len(in.RepositoryNames) == 0 {
		for _, r := range p.s.Repositories.All() {
			found = append(found, *p.shown(r))
		}
	}
	page, next, err := world.Page(found, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'nextToken'")}
	}
	return &ecr.DescribeRepositoriesOutput{Repositories: page, NextToken: next}, nil
}

func (p *ECR) deleteRepository(rq *world.Request, in *ecr.DeleteRepositoryInput) (*ecr.DeleteRepositoryOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(r.Images) > 0 && !in.Force {
		return nil, &types.RepositoryNotEmptyException{Message: aws.String(fmt.Sprintf(
			"The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images", r.Name, p.account.Number()))}
	}
	p.s.Repositories.Remove(rq.Now, r.Name)
	return &ecr.DeleteRepositoryOutput{Repository: p.shown(r)}, nil
}

func (p *ECR) putImageScanningConfiguration(_ *world.Request, in *ecr.PutImageScanningConfigurationInput) (*ecr.PutImageScanningConfigurationOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	r.Scan = in.ImageScanningConfiguration != nil && in.ImageScanningConfiguration.ScanOnPush
	return &ecr.PutImageScanningConfigurationOutput{
		RepositoryName: &r.Name, RegistryId: aws.String(p.account.Number()), ImageScanningConfiguration: in.ImageScanningConfiguration,
	}, nil
}

func (p *ECR) putImageTagMutability(_ *world.Request, in *ecr.PutImageTagMutabilityInput) (*ecr.PutImageTagMutabilityOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	changed := &repository{Mutability: in.ImageTagMutability, Exclusions: in.ImageTagMutabilityExclusionFilters}
	if err := checkExclusions(changed); err != nil {
		return nil, err
	}
	r.Mutability, r.Exclusions = changed.Mutability, changed.Exclusions
	return &ecr.PutImageTagMutabilityOutput{
		RepositoryName: &r.Name, RegistryId: aws.String(p.account.Number()), ImageTagMutability: r.Mutability,
		ImageTagMutabilityExclusionFilters: r.Exclusions,
	}, nil
}

func (p *ECR) putLifecyclePolicy(rq *world.Request, in *ecr.PutLifecyclePolicyInput) (*ecr.PutLifecyclePolicyOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	const most = 50
	var doc struct{ Rules []map[string]any }
	text := aws.ToString(in.LifecyclePolicyText)
	if json.Unmarshal([]byte(text), &doc) != nil || len(doc.Rules) == 0 || len(doc.Rules) > most {
		return nil, &types.InvalidParameterException{Message: aws.String("Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure'")}
	}
	r.Lifecycle, r.LifecycleAt = &text, rq.Now
	return &ecr.PutLifecyclePolicyOutput{RepositoryName: &r.Name, RegistryId: aws.String(p.account.Number()), LifecyclePolicyText: r.Lifecycle}, nil
}

func (p *ECR) getLifecyclePolicy(_ *world.Request, in *ecr.GetLifecyclePolicyInput) (*ecr.GetLifecyclePolicyOutput, error) {
	r, err := p.find(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if r.Lifecycle == nil {
		return nil, &types.LifecyclePolicyNotFoundException{Message: aws.String(fmt.Sprintf(
			"Lifecycle policy does not exist for the repository with name '%s' in the registry with id '%s'", r.Name, p.account.Number()))}
	}
	return &ecr.GetLifecyclePolicyOutput{RepositoryName: &r.Name, RegistryId: aws.String(p.account.Number()), LifecyclePolicyText: r.Lifecycle}, nil
}

// byARN returns the repository of a tagging call.
func (p *ECR) byARN(arn *string) (*repository, error) {
	for _, r := range p.s.Repositories.All() {
		if r.ARN == aws.ToString(arn) {
			return r, nil
		}
	}
	return nil, &types.RepositoryNotFoundException{Message: aws.String("The repository with ARN '" + aws.ToString(arn) + "' does not exist")}
}

func (p *ECR) tagRepository(_ *world.Request, in *ecr.TagResourceInput) (*ecr.TagResourceOutput, error) {
	r, err := p.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	maps.Copy(r.Tags, world.TagMap(in.Tags))
	return &ecr.TagResourceOutput{}, nil
}

func (p *ECR) untagRepository(_ *world.Request, in *ecr.UntagResourceInput) (*ecr.UntagResourceOutput, error) {
	r, err := p.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(r.Tags, k)
	}
	return &ecr.UntagResourceOutput{}, nil
}

func (p *ECR) listTagsOfRepository(_ *world.Request, in *ecr.ListTagsForResourceInput) (*ecr.ListTagsForResourceOutput, error) {
	r, err := p.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &ecr.ListTagsForResourceOutput{Tags: world.TagList[types.Tag](r.Tags)}, nil
}
