package sandbox

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
)

// codebuildPart is CodeBuild. A build compiles nothing: it needs its role, its
// source and the repository, takes its time, and pushes an image that is made
// up from the variables BERTH_NAME and BERTH_TAG. One whose source has a
// Dockerfile that begins FROM sandbox/build-error fails.
type codebuildPart struct {
	account *Account
	s       codebuildState
	ecr     *ecrPart
	// Needs is set before the first call.
	Needs codebuildNeeds
}

// codebuildNeeds are what CodeBuild needs of other services.
type codebuildNeeds struct {
	Objects codebuildObjects
	Roles   codebuildRoles
	Logs    codebuildLogs
}

// codebuildObjects are the sources of builds.
type codebuildObjects interface {
	Object(bucket, key string) (body []byte, ok bool)
}

// codebuildRoles are the roles of projects.
type codebuildRoles interface {
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// codebuildLogs are the logs of builds.
type codebuildLogs interface {
	HasGroup(at time.Time, group string, create bool) bool
	// Write makes a stream with these lines.
	Write(at time.Time, group, stream string, lines []string)
}

// codebuildState is the projects by name and the builds by id.
type codebuildState struct {
	Projects table[buildProject]
	Builds   table[buildRun]
}

// buildProject is a project as it was asked for.
type buildProject struct {
	Name, ARN         string
	Created, Modified time.Time
	Role              string
	Shown             *types.Project
	Tags              map[string]string
	// Builds are the ids of its builds, the newest first.
	Builds []string
}

// buildRun is one build.
type buildRun struct {
	ID, ARN, Project, Role string
	// Source is BUCKET/KEY.
	Source  string
	Name    string
	Tag     string
	Started time.Time
	Ended   time.Time
	Phase   string
	// Phases are those that have begun, with their status and their end.
	Phases []types.BuildPhase
	Status types.StatusType
	Group  string
	Env    []types.EnvironmentVariable
}

// newCodeBuild is CodeBuild, whose builds push to a registry.
func newCodeBuild(account *Account, registry *ecrPart) *codebuildPart {
	return &codebuildPart{account: account, ecr: registry}
}

// ID implements Service.
func (p *codebuildPart) ID() string { return codebuild.ServiceID }

func (p *codebuildPart) State() any { return &p.s }

func (p *codebuildPart) Routes(r *router) {
	on(r, p.createProject)
	on(r, p.updateProject)
	on(r, p.deleteProject)
	on(r, p.batchGetProjects)
	on(r, p.listProjects)
	on(r, p.startBuild)
	on(r, p.stopBuild)
	on(r, p.batchGetBuilds)
	on(r, p.listBuildsForProject)
	r.event("codebuild.phase", p.nextPhase)
}

// locate names the project. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
func (p *codebuildPart) locate(_ string, in any) string {
	for _, field := range []string{"ProjectName", "Name", "Id"} {
		if name := fieldText(in, field); name != "" {
			name, _, _ = strings.Cut(name, ":")
			return p.account.arn("codebuild", "project/"+name)
		}
	}
	return ""
}

// index implements indexed.
func (p *codebuildPart) index(f indexFunc) {
	indexRows(&p.s.Projects, f, func(b *buildProject) (string, map[string]string) { return b.ARN, b.Tags })
}

func (p *codebuildPart) Dump(d *dumper) {
	for _, b := range p.s.Projects.all() {
		shown := clone(b.Shown)
		shown.Tags = nil
		d.add("codebuild.project", b.ARN, b.Name, map[string]any{"project": shown, "tags": b.Tags})
	}
}

func invalidBuild(text string) error { return &types.InvalidInputException{Message: aws.String(text)} }

func noProject(name string) error {
	return &types.ResourceNotFoundException{Message: aws.String("Project cannot be found: " + name)}
}

var (
	_ locator = (*codebuildPart)(nil)
	_ indexed = (*codebuildPart)(nil)
)
