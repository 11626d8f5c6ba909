package blueprint

import (
	"github.com/berthdev/berth/internal/aws/codebuild"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/engine"
)

const (
	// builds is the name of the resources for builds in the account; no service can
	// have this name.
	builds = "_builds"
	// maxProjectName keeps a project's name readable, below CodeBuild's limit.
	maxProjectName = 60
	// buildImage and buildMachine are the image and machine in which builds run.
	// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
	buildImage   = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
	buildMachine = "BUILD_GENERAL1_MEDIUM"
	// buildMinutes ends a build that hangs.
	buildMinutes = 60
	// buildPrincipal is the service that assumes the role of builds.
	buildPrincipal = codebuild.Principal
)

// BuildProject is the address of the stack's CodeBuild project.
func BuildProject(stack engine.Owner) engine.Address {
	return engine.Address{Owner: stack, Type: codebuild.Project{}.Type(), Name: builds}
}

// addBuildProject adds what builds in the account need: a project, its log group,
// and a role that may read the uploaded context, push to the repository and write
// logs. They cost nothing while no build runs.
func addBuildProject(s stack) *engine.Node {
	if !s.facts.BuildsInAccount {
		return nil
	}
	group := logs.LogGroup{Name: LogGroupName(s.app, builds), RetentionDays: s.app.Settings.LogRetentionDays.Value}
	repository := RepositoryName(s.app, s.facts.Region)
	bucket := s.bucketARN("berth-" + s.facts.Account + "-" + s.facts.Region)
	role := s.addRole(builds, iam.Role{
		Name: s.name(builds, maxRoleName), Path: rolePath(s.app), Service: buildPrincipal,
		Source: s.arn("codebuild", "*"),
		Inline: map[string]string{"builds": policy([]statement{
			allow([]string{s.arn("logs", "log-group:"+group.Name+":*")}, "logs:CreateLogStream", "logs:PutLogEvents"),
			allow([]string{bucket + "/builds/" + repository + "/*"}, "s3:GetObject", "s3:GetObjectVersion"),
			allow([]string{bucket}, "s3:GetBucketLocation"),
			allow([]string{"*"}, "ecr:GetAuthorizationToken"),
			allow([]string{s.arn("ecr", "repository/"+repository)},
				"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer",
				"ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"),
		})},
	})
	output := s.add(builds, group)
	return s.add(builds, codebuild.Project{
		Name: s.name("builds", maxProjectName), Role: role.ARN(),
		Source: "berth-" + s.facts.Account + "-" + s.facts.Region + "/builds/none.zip",
		Image:  buildImage, Compute: buildMachine, LogGroup: group.Name, Minutes: buildMinutes,
	}).After(output, engine.Created)
}
