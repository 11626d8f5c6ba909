package images

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// projectNames is AWS's pattern, from the API reference of CreateProject.
var projectNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$`)

// buildPrincipal is the service that assumes the roles of projects.
const buildPrincipal = "codebuild.amazonaws.com"

func (p *CodeBuild) createProject(rq *world.Request, in *codebuild.CreateProjectInput) (*codebuild.CreateProjectOutput, error) {
	name := aws.ToString(in.Name)
	if !projectNames.MatchString(name) {
		return nil, invalidBuild("Only alphanumeric characters, dash, and underscore are supported")
	}
	if p.s.Projects.Get(name) != nil {
		return nil, &types.ResourceAlreadyExistsException{Message: aws.String("Project already exists: " + p.account.ARN("codebuild", "project/"+name))}
	}
	b := &buildProject{Name: name, ARN: p.account.ARN("codebuild", "project/"+name), Created: rq.Now}
	if err := p.set(rq, b, &codebuild.UpdateProjectInput{
		Source: in.Source, Artifacts: in.Artifacts, Environment: in.Environment, ServiceRole: in.ServiceRole,
		LogsConfig: in.LogsConfig, TimeoutInMinutes: in.TimeoutInMinutes, Tags: in.Tags,
	}); err != nil {
		return nil, err
	}
	p.s.Projects.Put(p.account, rq.Now, name, b)
	return &codebuild.CreateProjectOutput{Project: p.shown(b)}, nil
}

// set changes the settings that a request names; the others stay.
func (p *CodeBuild) set(rq *world.Request, b *buildProject, in *codebuild.UpdateProjectInput) error {
	shown := types.Project{TimeoutInMinutes: aws.Int32(60)}
	if b.Shown != nil {
		shown = *b.Shown
	}
	shown.Source, shown.Artifacts = cmp.Or(in.Source, shown.Source), cmp.Or(in.Artifacts, shown.Artifacts)
	shown.Environment, shown.LogsConfig = cmp.Or(in.Environment, shown.Environment), cmp.Or(in.LogsConfig, shown.LogsConfig)
	shown.TimeoutInMinutes = cmp.Or(in.TimeoutInMinutes, shown.TimeoutInMinutes)
	shown.ServiceRole = cmp.Or(in.ServiceRole, shown.ServiceRole)
	const shortest, longest = 5, 2160
	switch minutes := aws.ToInt32(shown.TimeoutInMinutes); {
	case shown.Source == nil || shown.Environment == nil || shown.ServiceRole == nil:
		return invalidBuild("source, environment and serviceRole are required")
	case minutes < shortest || minutes > longest:
		return invalidBuild("Invalid timeout in minutes")
	case shown.Source.Type == types.SourceTypeNoSource && aws.ToString(shown.Source.Buildspec) == "":
		return invalidBuild("buildspec is required for a project without a source")
	}
	if err := rq.PassRole(*shown.ServiceRole, buildPrincipal); err != nil {
		return err
	}
	if err := p.Needs.Roles.Assumable(*shown.ServiceRole, buildPrincipal); err != nil {
		return invalidBuild("CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: " +
			"1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, and 3) The role has the necessary trust policy configured.")
	}
	b.Shown, b.Role, b.Modified = &shown, *shown.ServiceRole, rq.Now
	if in.Tags != nil || b.Tags == nil {
		b.Tags = world.TagMap(in.Tags)
	}
	return nil
}

func (p *CodeBuild) shown(b *buildProject) *types.Project {
	out := world.Clone(b.Shown)
	out.Name, out.Arn, out.Created, out.LastModified = &b.Name, &b.ARN, &b.Created, &b.Modified
	out.Tags = nil
	for k, v := range b.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(k), Value: aws.String(v)})
	}
	return out
}

func (p *CodeBuild) updateProject(rq *world.Request, in *codebuild.UpdateProjectInput) (*codebuild.UpdateProjectOutput, error) {
	b := p.s.Projects.Get(aws.ToString(in.Name))
	if b == nil {
		return nil, noProject(aws.ToString(in.Name))
	}
	if err := p.set(rq, b, in); err != nil {
		return nil, err
	}
	return &codebuild.UpdateProjectOutput{Project: p.shown(b)}, nil
}

// deleteProject succeeds if the project does not exist, as on AWS.
func (p *CodeBuild) deleteProject(rq *world.Request, in *codebuild.DeleteProjectInput) (*codebuild.DeleteProjectOutput, error) {
	p.s.Projects.Remove(rq.Now, aws.ToString(in.Name))
	return &codebuild.DeleteProjectOutput{}, nil
}

func (p *CodeBuild) batchGetProjects(_ *world.Request, in *codebuild.BatchGetProjectsInput) (*codebuild.BatchGetProjectsOutput, error) {
	const most = 100
	if len(in.Names) == 0 || len(in.Names) > most {
		return nil, invalidBuild("names: between 1 and 100")
	}
	out := &codebuild.BatchGetProjectsOutput{}
	for _, name := range in.Names {
		if b := p.s.Projects.Get(name); b != nil {
			out.Projects = append(out.Projects, *p.shown(b))
		} else {
			out.ProjectsNotFound = append(out.ProjectsNotFound, name)
		}
	}
	return out, nil
}

func (p *CodeBuild) listProjects(_ *world.Request, in *codebuild.ListProjectsInput) (*codebuild.ListProjectsOutput, error) {
	var names []string
	for _, b := range p.s.Projects.All() {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	page, next, err := world.Page(names, in.NextToken, nil, 100)
	if err != nil {
		return nil, invalidBuild("Invalid nextToken")
	}
	return &codebuild.ListProjectsOutput{Projects: page, NextToken: next}, nil
}
