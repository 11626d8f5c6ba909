package images

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// buildTokenLife is how long StartBuild remembers its token, according to its
// API reference.
const buildTokenLife = 5 * time.Minute

// phases returns the phases of a build, each with its share of the whole time.
func phases() []struct {
	kind  types.BuildPhaseType
	share float64
} {
	return []struct {
		kind  types.BuildPhaseType
		share float64
	}{
		{types.BuildPhaseTypeQueued, 0.02}, {types.BuildPhaseTypeProvisioning, 0.25}, {types.BuildPhaseTypeDownloadSource, 0.05},
		{types.BuildPhaseTypePreBuild, 0.05}, {types.BuildPhaseTypeBuild, 0.6}, {types.BuildPhaseTypeFinalizing, 0.03},
	}
}

func (p *CodeBuild) startBuild(rq *world.Request, in *codebuild.StartBuildInput) (*codebuild.StartBuildOutput, error) {
	project := p.s.Projects.Find(rq, aws.ToString(in.ProjectName))
	if project == nil {
		return nil, noProject(aws.ToString(in.ProjectName))
	}
	if known, mismatch := rq.Once(in.IdempotencyToken, in); known != "" {
		b := p.s.Builds.Get(known)
		if mismatch {
			return nil, invalidBuild("The idempotency token was used for another build")
		}
		if b != nil && rq.Now.Sub(b.Started) < buildTokenLife {
			return &codebuild.StartBuildOutput{Build: p.build(b)}, nil
		}
	}
	const concurrent = 60
	running := 0
	for _, b := range p.s.Builds.All() {
		if b.Status == types.StatusTypeInProgress {
			running++
		}
	}
	if running >= p.account.Quota("builds", concurrent) {
		return nil, &types.AccountLimitExceededException{Message: aws.String("Cannot have more than the allowed number of builds in queue for the account")}
	}
	id := project.Name + ":" + p.account.NewUUID("build")
	b := &buildRun{
		ID: id, ARN: p.account.ARN("codebuild", "build/"+id), Project: project.Name, Role: project.Role, Started: rq.Now,
		Source: aws.ToString(in.SourceLocationOverride), Status: types.StatusTypeInProgress, Env: in.EnvironmentVariablesOverride,
		Phases: []types.BuildPhase{{PhaseType: types.BuildPhaseTypeSubmitted, PhaseStatus: types.StatusTypeSucceeded}},
	}
	if l := project.Shown.LogsConfig; l != nil && l.CloudWatchLogs != nil {
		b.Group = aws.ToString(l.CloudWatchLogs.GroupName)
	}
	for _, v := range in.EnvironmentVariablesOverride {
		switch aws.ToString(v.Name) {
		case "BERTH_NAME":
			b.Name = aws.ToString(v.Value)
		case "BERTH_TAG":
			b.Tag = aws.ToString(v.Value)
		}
	}
	p.s.Builds.Put(p.account, rq.Now, id, b)
	project.Builds = append([]string{id}, project.Builds...)
	rq.Remember(in.IdempotencyToken, in, id)
	p.begin(rq.Now, b, 0)
	return &codebuild.StartBuildOutput{Build: p.build(b)}, nil
}

// begin begins a phase, and ends it after its share of the build's time.
func (p *CodeBuild) begin(at time.Time, b *buildRun, n int) {
	phase := phases()[n]
	b.Phase = string(phase.kind)
	b.Phases = append(b.Phases, types.BuildPhase{PhaseType: phase.kind, StartTime: aws.Time(at)})
	p.account.Schedule(at.Add(time.Duration(phase.share*float64(p.account.Takes(world.CodeBuildDone)))), "codebuild.phase", b.ID)
}

func (p *CodeBuild) nextPhase(at time.Time, id string) {
	b := p.s.Builds.Get(id)
	if b == nil || b.Status != types.StatusTypeInProgress {
		return
	}
	n := len(b.Phases) - 2
	last := &b.Phases[len(b.Phases)-1]
	last.EndTime, last.PhaseStatus = aws.Time(at), types.StatusTypeSucceeded
	if why := p.do(at, b, last.PhaseType); why != "" {
		last.PhaseStatus = types.StatusTypeFailed
		last.Contexts = []types.PhaseContext{{StatusCode: aws.String("COMMAND_EXECUTION_ERROR"), Message: aws.String(why)}}
		p.end(at, b, types.StatusTypeFailed)
		return
	}
	if n+1 < len(phases()) {
		p.begin(at, b, n+1)
		return
	}
	p.end(at, b, types.StatusTypeSucceeded)
}

func (p *CodeBuild) end(at time.Time, b *buildRun, status types.StatusType) {
	b.Status, b.Ended, b.Phase = status, at, string(types.BuildPhaseTypeCompleted)
	b.Phases = append(b.Phases, types.BuildPhase{PhaseType: types.BuildPhaseTypeCompleted, StartTime: aws.Time(at)})
}

// do does what happens at the end of a phase; if the phase fails, the result
// says why.
func (p *CodeBuild) do(at time.Time, b *buildRun, phase types.BuildPhaseType) string {
	switch phase {
	case types.BuildPhaseTypeDownloadSource:
		bucket, key, _ := strings.Cut(b.Source, "/")
		if _, ok := p.Needs.Objects.Object(bucket, key); !ok || !p.Needs.Roles.RoleAllows(b.Role, "s3:GetObject", "arn:aws:s3:::"+b.Source) {
			return "error while downloading key " + key + ", error: AccessDenied: Access Denied status code: 403"
		}
	case types.BuildPhaseTypeBuild:
		return p.push(at, b)
	default:
	}
	return ""
}

// push writes the log and pushes the image that the build is for.
func (p *CodeBuild) push(at time.Time, b *buildRun) string {
	lines := []string{"#1 [internal] load build definition from Dockerfile", "#5 [1/2] FROM docker.io/library/base", "#6 [2/2] COPY . /app"}
	defer func() {
		_, stream, _ := strings.Cut(b.ID, ":")
		if p.Needs.Logs.HasGroup(at, b.Group, false) && p.Needs.Roles.RoleAllows(b.Role, "logs:PutLogEvents", p.account.ARN("logs", "log-group:"+b.Group+":log-stream:"+stream)) {
			p.Needs.Logs.Write(at, b.Group, stream, lines)
		}
	}()
	if p.broken(b.Source) {
		lines = append(lines, "#7 [3/3] RUN sandbox/build-error", "#7 0.2 sandbox: this build is to fail",
			`ERROR: failed to solve: process "/bin/sh -c sandbox/build-error" did not complete successfully: exit code: 1`)
		return "Error while executing command: docker buildx build. Reason: exit status 1"
	}
	if !p.Needs.Roles.RoleAllows(b.Role, "ecr:PutImage", p.account.ARN("ecr", "repository/"+b.Name)) || !p.Needs.Roles.RoleAllows(b.Role, "ecr:GetAuthorizationToken", "*") {
		lines = append(lines, "ERROR: failed to push: denied: User: "+b.Role+" is not authorized to perform: ecr:InitiateLayerUpload")
		return "Error while executing command: docker buildx build. Reason: exit status 1"
	}
	sum := sha256.Sum256([]byte(b.Tag))
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:%s","size":2},"layers":[]}`,
		ociManifest, hex.EncodeToString(sum[:]))
	_, err := p.ecr.putImage(p.account.RequestAt(at), &ecr.PutImageInput{
		RepositoryName: &b.Name, ImageTag: &b.Tag, ImageManifest: &manifest, ImageManifestMediaType: aws.String(ociManifest),
	})
	if err != nil && world.ErrorCode(err) != "ImageAlreadyExistsException" {
		lines = append(lines, "ERROR: failed to push: "+err.Error())
		return "Error while executing command: docker buildx build. Reason: exit status 1"
	}
	return ""
}

// ociManifest is the media type of the invented images.
const ociManifest = "application/vnd.oci.image.manifest.v1+json"

// broken reports whether a file of the source is a Dockerfile that must fail.
func (p *CodeBuild) broken(source string) bool {
	bucket, key, _ := strings.Cut(source, "/")
	body, ok := p.Needs.Objects.Object(bucket, key)
	if !ok {
		return true
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return true
	}
	const most = 1 << 20
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			return true
		}
		text, err := io.ReadAll(io.LimitReader(r, most))
		_ = r.Close()
		if err != nil || bytes.Contains(text, []byte("FROM sandbox/build-error")) {
			return true
		}
	}
	return false
}

func (p *CodeBuild) stopBuild(rq *world.Request, in *codebuild.StopBuildInput) (*codebuild.StopBuildOutput, error) {
	b := p.s.Builds.Get(aws.ToString(in.Id))
	if b == nil {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Build " + aws.ToString(in.Id) + " does not exist")}
	}
	if b.Status == types.StatusTypeInProgress {
		p.end(rq.Now, b, types.StatusTypeStopped)
	}
	return &codebuild.StopBuildOutput{Build: p.build(b)}, nil
}

func (p *CodeBuild) batchGetBuilds(rq *world.Request, in *codebuild.BatchGetBuildsInput) (*codebuild.BatchGetBuildsOutput, error) {
	const most = 100
	if len(in.Ids) == 0 || len(in.Ids) > most {
		return nil, invalidBuild("ids: between 1 and 100")
	}
	out := &codebuild.BatchGetBuildsOutput{}
	for _, id := range in.Ids {
		if b := p.s.Builds.Find(rq, id); b != nil {
			out.Builds = append(out.Builds, *p.build(b))
		} else {
			out.BuildsNotFound = append(out.BuildsNotFound, id)
		}
	}
	return out, nil
}

func (p *CodeBuild) build(b *buildRun) *types.Build {
	_, stream, _ := strings.Cut(b.ID, ":")
	out := &types.Build{
		Id: &b.ID, Arn: &b.ARN, ProjectName: &b.Project, BuildStatus: b.Status, CurrentPhase: &b.Phase, Phases: b.Phases,
		BuildComplete: b.Status != types.StatusTypeInProgress, StartTime: &b.Started,
		Environment: &types.ProjectEnvironment{EnvironmentVariables: b.Env},
		Logs:        &types.LogsLocation{GroupName: &b.Group, StreamName: &stream},
	}
	if !b.Ended.IsZero() {
		out.EndTime = &b.Ended
	}
	return out
}

func (p *CodeBuild) listBuildsForProject(_ *world.Request, in *codebuild.ListBuildsForProjectInput) (*codebuild.ListBuildsForProjectOutput, error) {
	project := p.s.Projects.Get(aws.ToString(in.ProjectName))
	if project == nil {
		return nil, noProject(aws.ToString(in.ProjectName))
	}
	page, next, err := world.Page(project.Builds, in.NextToken, nil, 100)
	if err != nil {
		return nil, invalidBuild("Invalid nextToken")
	}
	return &codebuild.ListBuildsForProjectOutput{Ids: page, NextToken: next}, nil
}
