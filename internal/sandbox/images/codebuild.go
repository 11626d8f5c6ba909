package images

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// CodeBuild is CodeBuild. A build compiles nothing: it checks its role, its
// source and the repository, takes some time, and pushes an invented image for
// the variables BERTH_NAME and BERTH_TAG. It fails if its source has a
// Dockerfile that begins FROM sandbox/build-error.
type CodeBuild struct {
	account *world.Account
	s       codebuildState
	ecr     *ECR
	// Needs is set before the first call.
	Needs Needs
}

// Needs are what CodeBuild needs of other services.
type Needs struct {
	Objects Objects
	Roles   Roles
	Logs    Logs
}

// Objects are the sources of builds.
type Objects interface {
	Object(bucket, key string) (body []byte, ok bool)
}

// Roles are the roles of projects.
type Roles interface {
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// Logs are the logs of builds.
type Logs interface {
	HasGroup(at time.Time, group string, create bool) bool
	// Write makes a stream with these lines.
	Write(at time.Time, group, stream string, lines []string)
}

// codebuildState is the projects by name and the builds by id.
type codebuildState struct {
	Projects world.Table[buildProject]
	Builds   world.Table[buildRun]
}

// buildProject is a project with its settings.
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

// NewCodeBuild makes the CodeBuild of an account, whose builds push to a
// registry.
func NewCodeBuild(account *world.Account, registry *ECR) *CodeBuild {
	return &CodeBuild{account: account, ecr: registry}
}

// ID implements world.Service.
func (p *CodeBuild) ID() string { return codebuild.ServiceID }

// State implements world.Service.
func (p *CodeBuild) State() any { return &p.s }

// Routes implements world.Service.
func (p *CodeBuild) Routes(r *world.Router) {
	world.On(r, p.createProject)
	world.On(r, p.updateProject)
	world.On(r, p.deleteProject)
	world.On(r, p.batchGetProjects)
	world.On(r, p.listProjects)
	world.On(r, p.startBuild)
	world.On(r, p.stopBuild)
	world.On(r, p.batchGetBuilds)
	world.On(r, p.listBuildsForProject)
	r.Event("codebuild.phase", p.nextPhase)
}

// Locate names the project. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
func (p *CodeBuild) Locate(_ string, in any) string {
	for _, field := range []string{"ProjectName", "Name", "Id"} {
		if name := world.FieldText(in, field); name != "" {
			name, _, _ = strings.Cut(name, ":")
			return p.account.ARN("codebuild", "project/"+name)
		}
	}
	return ""
}

// Index implements world.Indexed.
func (p *CodeBuild) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Projects, f, func(b *buildProject) (string, map[string]string) { return b.ARN, b.Tags })
}

// Dump implements world.Service.
func (p *CodeBuild) Dump(d *world.Dumper) {
	for _, b := range p.s.Projects.All() {
		shown := world.Clone(b.Shown)
		shown.Tags = nil
		d.Add("codebuild.project", b.ARN, b.Name, map[string]any{"project": shown, "tags": b.Tags})
	}
}

func invalidBuild(text string) error { return &types.InvalidInputException{Message: aws.String(text)} }

func noProject(name string) error {
	return &types.ResourceNotFoundException{Message: aws.String("Project cannot be found: " + name)}
}

var (
	_ world.Locator = (*CodeBuild)(nil)
	_ world.Indexed = (*CodeBuild)(nil)
)
