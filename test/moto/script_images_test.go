package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	cbtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	manifestOne  = `{"schemaVersion":2,"mediaType":"` + manifestType + `","config":{"digest":"one","size":2},"layers":[]}`
	manifestTwo  = `{"schemaVersion":2,"mediaType":"` + manifestType + `","config":{"digest":"two","size":2},"layers":[]}`
)

// images plays the repository of a stack with its images.
func (s *script) images() {
	c := s.c.ECR
	name, none := p("berth/shop"), p("berth/none")
	in := &ecr.CreateRepositoryInput{
		RepositoryName: name, Tags: []types.Tag{{Key: p("berth:owner"), Value: p("stack/a/b")}},
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
		ImageTagMutability:         types.ImageTagMutabilityImmutableWithExclusion,
		ImageTagMutabilityExclusionFilters: []types.ImageTagMutabilityExclusionFilter{
			{Filter: p("cache-*"), FilterType: types.ImageTagMutabilityExclusionFilterTypeWildcard},
		},
	}
	try(s, success, c.CreateRepository, in, func(o *ecr.CreateRepositoryOutput) []any {
		return []any{o.Repository.RepositoryArn, o.Repository.RepositoryUri, o.Repository.ImageTagMutability}
	})
	try(s, duplicate, c.CreateRepository, in, nil)
	try(s, success, c.DescribeRepositories, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{*name}}, func(o *ecr.DescribeRepositoriesOutput) []any {
		r := first(o.Repositories)
		return []any{r.RepositoryArn, r.ImageScanningConfiguration.ScanOnPush, len(r.ImageTagMutabilityExclusionFilters)}
	})
	try(s, notFound, c.DescribeRepositories, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{*none}}, nil)
	s.repositorySettings(name, none)
	s.imagesIn(name, none)
	s.repositoryTags("arn:aws:ecr:eu-central-1:123456789012:repository/")
	try(s, dependency, c.DeleteRepository, &ecr.DeleteRepositoryInput{RepositoryName: name}, nil)
	try(s, success, c.DeleteRepository, &ecr.DeleteRepositoryInput{RepositoryName: name, Force: true}, nil)
	try(s, notFound, c.DeleteRepository, &ecr.DeleteRepositoryInput{RepositoryName: name, Force: true}, nil)
}

func (s *script) repositorySettings(name, none *string) {
	c := s.c.ECR
	policy := p(`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":3},"action":{"type":"expire"}}]}`)
	try(s, notFound, c.GetLifecyclePolicy, &ecr.GetLifecyclePolicyInput{RepositoryName: name}, nil)
	try(s, success, c.PutLifecyclePolicy, &ecr.PutLifecyclePolicyInput{RepositoryName: name, LifecyclePolicyText: policy}, nil)
	try(s, duplicate, c.PutLifecyclePolicy, &ecr.PutLifecyclePolicyInput{RepositoryName: name, LifecyclePolicyText: policy}, nil)
	try(s, notFound, c.PutLifecyclePolicy, &ecr.PutLifecyclePolicyInput{RepositoryName: none, LifecyclePolicyText: policy}, nil)
	try(s, success, c.GetLifecyclePolicy, &ecr.GetLifecyclePolicyInput{RepositoryName: name}, func(o *ecr.GetLifecyclePolicyOutput) []any {
		return []any{len(*o.LifecyclePolicyText) > 0}
	})
	scan := &types.ImageScanningConfiguration{ScanOnPush: true}
	try(s, success, c.PutImageScanningConfiguration, &ecr.PutImageScanningConfigurationInput{RepositoryName: name, ImageScanningConfiguration: scan}, nil)
	try(s, notFound, c.PutImageScanningConfiguration, &ecr.PutImageScanningConfigurationInput{RepositoryName: none, ImageScanningConfiguration: scan}, nil)
	fixed := types.ImageTagMutabilityImmutable
	try(s, success, c.PutImageTagMutability, &ecr.PutImageTagMutabilityInput{RepositoryName: name, ImageTagMutability: fixed}, nil)
	try(s, notFound, c.PutImageTagMutability, &ecr.PutImageTagMutabilityInput{RepositoryName: none, ImageTagMutability: fixed}, nil)
}

func (s *script) imagesIn(name, none *string) {
	c := s.c.ECR
	put := func(tag, manifest string) *ecr.PutImageInput {
		return &ecr.PutImageInput{RepositoryName: name, ImageTag: &tag, ImageManifest: &manifest, ImageManifestMediaType: p(manifestType)}
	}
	digest := func(o *ecr.PutImageOutput) []any { return []any{o.Image.ImageId.ImageDigest} }
	try(s, success, c.PutImage, put("web.1", manifestOne), digest)
	try(s, duplicate, c.PutImage, put("web.1", manifestOne), nil)
	try(s, "another image at an immutable tag", c.PutImage, put("web.1", manifestTwo), nil)
	try(s, notFound, c.PutImage, &ecr.PutImageInput{RepositoryName: none, ImageTag: p("web.1"), ImageManifest: p(manifestOne), ImageManifestMediaType: p(manifestType)}, nil)
	try(s, success, c.BatchGetImage, &ecr.BatchGetImageInput{
		RepositoryName: name, ImageIds: []types.ImageIdentifier{{ImageTag: p("web.1")}, {ImageTag: p("web.9")}}, AcceptedMediaTypes: []string{manifestType},
	}, func(o *ecr.BatchGetImageOutput) []any {
		return []any{len(o.Images), first(o.Images).ImageId.ImageDigest, len(o.Failures), first(o.Failures).FailureCode}
	})
	try(s, notFound, c.BatchGetImage, &ecr.BatchGetImageInput{RepositoryName: none, ImageIds: []types.ImageIdentifier{{ImageTag: p("web.1")}}}, nil)
	try(s, success, c.DescribeImages, &ecr.DescribeImagesInput{RepositoryName: name}, func(o *ecr.DescribeImagesOutput) []any {
		return []any{len(o.ImageDetails), first(o.ImageDetails).ImageTags}
	})
	try(s, notFound, c.DescribeImages, &ecr.DescribeImagesInput{RepositoryName: name, ImageIds: []types.ImageIdentifier{{ImageTag: p("web.9")}}}, nil)
	try(s, success, c.GetAuthorizationToken, &ecr.GetAuthorizationTokenInput{}, func(o *ecr.GetAuthorizationTokenOutput) []any {
		return []any{len(o.AuthorizationData)}
	})
}

func (s *script) repositoryTags(prefix string) {
	c := s.c.ECR
	arn, none := p(prefix+"berth/shop"), p(prefix+"berth/none")
	tags := []types.Tag{{Key: p("team"), Value: p("a")}}
	try(s, success, c.TagResource, &ecr.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, duplicate, c.TagResource, &ecr.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, notFound, c.TagResource, &ecr.TagResourceInput{ResourceArn: none, Tags: tags}, nil)
	try(s, success, c.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: arn}, func(o *ecr.ListTagsForResourceOutput) []any { return []any{len(o.Tags)} })
	try(s, notFound, c.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: none}, nil)
	try(s, success, c.UntagResource, &ecr.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team"}}, nil)
	try(s, notFound, c.UntagResource, &ecr.UntagResourceInput{ResourceArn: none, TagKeys: []string{"team"}}, nil)
}

// builds plays a project of CodeBuild with a build.
func (s *script) builds() {
	c := s.c.CodeBuild
	name, none := p("builds"), p("none")
	role := s.buildRole()
	in := &codebuild.CreateProjectInput{
		Name: name, ServiceRole: role, Artifacts: &cbtypes.ProjectArtifacts{Type: cbtypes.ArtifactsTypeNoArtifacts},
		Source:      &cbtypes.ProjectSource{Type: cbtypes.SourceTypeS3, Location: p("berth-a/builds/none.zip")},
		Environment: &cbtypes.ProjectEnvironment{Type: cbtypes.EnvironmentTypeLinuxContainer, Image: p("aws/codebuild/amazonlinux-x86_64-standard:5.0"), ComputeType: cbtypes.ComputeTypeBuildGeneral1Medium, PrivilegedMode: p(true)},
		Tags:        []cbtypes.Tag{{Key: p("berth:owner"), Value: p("stack/a/b")}},
	}
	try(s, success, c.CreateProject, in, func(o *codebuild.CreateProjectOutput) []any { return []any{o.Project.Arn} })
	try(s, duplicate, c.CreateProject, in, nil)
	try(s, success, c.BatchGetProjects, &codebuild.BatchGetProjectsInput{Names: []string{*name, *none}}, func(o *codebuild.BatchGetProjectsOutput) []any {
		project := first(o.Projects)
		return []any{len(o.Projects), project.Arn, project.Source.Location, len(project.Tags)}
	})
	try(s, success, c.ListProjects, &codebuild.ListProjectsInput{}, func(o *codebuild.ListProjectsOutput) []any { return []any{o.Projects} })
	try(s, success, c.StartBuild, &codebuild.StartBuildInput{ProjectName: name, IdempotencyToken: p("one")}, func(o *codebuild.StartBuildOutput) []any {
		return []any{o.Build.BuildStatus, o.Build.ProjectName}
	})
	try(s, notFound, c.StartBuild, &codebuild.StartBuildInput{ProjectName: none}, nil)
	list := try(s, success, c.ListBuildsForProject, &codebuild.ListBuildsForProjectInput{ProjectName: name}, func(o *codebuild.ListBuildsForProjectOutput) []any {
		return []any{len(o.Ids)}
	})
	try(s, notFound, c.ListBuildsForProject, &codebuild.ListBuildsForProjectInput{ProjectName: none}, nil)
	try(s, success, c.BatchGetBuilds, &codebuild.BatchGetBuildsInput{Ids: []string{first(list.Ids)}}, func(o *codebuild.BatchGetBuildsOutput) []any {
		return []any{len(o.Builds), first(o.Builds).CurrentPhase}
	})
	try(s, success, c.DeleteProject, &codebuild.DeleteProjectInput{Name: name}, nil)
	try(s, notFound, c.DeleteProject, &codebuild.DeleteProjectInput{Name: name}, nil)
}

// buildRole makes a role that CodeBuild may assume.
func (s *script) buildRole() *string {
	name := p("berth-builds")
	out := try(s, aside, s.c.IAM.CreateRole, &iam.CreateRoleInput{
		RoleName:                 name,
		AssumeRolePolicyDocument: p(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}, nil)
	if out.Role == nil {
		return name
	}
	return out.Role.Arn
}
