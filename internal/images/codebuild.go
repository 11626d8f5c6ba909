package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Uploads stores what a build in the account is made from.
type Uploads interface {
	// Upload stores a file of this size and returns its location as BUCKET/KEY.
	Upload(ctx context.Context, name string, body io.ReaderAt, size int64) (location string, err error)
	// Discard deletes it.
	Discard(ctx context.Context, name string) error
}

// CodeBuild builds in the account, without a container engine here.
type CodeBuild struct {
	API     *codebuild.Client
	Logs    *cloudwatchlogs.Client
	Uploads Uploads
	Source  *Source
	Clock   clock.Clock
	// Nonce makes a word that no earlier call has made.
	Nonce func() string
}

// The variables that say what a build is for.
const (
	variableName = "BERTH_NAME"
	variableTag  = "BERTH_TAG"
)

// The image and type of machines for ARM; those for x86 are the project's.
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
const armImage = "aws/codebuild/amazonlinux-aarch64-standard:3.0"

// Typical implements ecr.Builder.
func (CodeBuild) Typical() time.Duration { return 90 * time.Second }

// Build implements ecr.Builder. A build of the same image that an earlier run has
// left under way is waited for. A build that is no longer needed is stopped.
func (c CodeBuild) Build(ctx context.Context, o ecr.Order) error {
	b, err := c.Source.build(o.Build)
	if err != nil {
		return err
	}
	if err := inAccount(b); err != nil {
		return err
	}
	if o.Project == "" {
		return errors.New("there is no CodeBuild project to build in")
	}
	run, err := c.underWay(ctx, o)
	if err == nil && run == nil {
		run, err = c.start(ctx, b, o)
	}
	if err != nil {
		return err
	}
	run, err = c.await(ctx, run)
	if err != nil {
		if context.Cause(ctx) != nil {
			c.stop(ctx, run)
		}
		return err
	}
	if run.BuildStatus != types.StatusTypeSucceeded {
		return c.failed(ctx, b, run)
	}
	// The upload is deleted; if that fails, S3 deletes it after some days.
	_ = c.Uploads.Discard(ctx, upload(o))
	return nil
}

// upload is the name of what is uploaded for an image.
func upload(o ecr.Order) string { return o.Name + "/" + o.Tag + ".zip" }

// underWay is a build of the same image that has not ended; nil without one.
func (c CodeBuild) underWay(ctx context.Context, o ecr.Order) (*types.Build, error) {
	list, err := c.API.ListBuildsForProject(ctx, &codebuild.ListBuildsForProjectInput{ProjectName: aws.String(o.Project)})
	if err != nil || len(list.Ids) == 0 {
		return nil, err
	}
	const most = 100
	out, err := c.API.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: list.Ids[:min(len(list.Ids), most)]})
	if err != nil {
		return nil, err
	}
	for _, b := range out.Builds {
		if b.BuildStatus != types.StatusTypeInProgress || b.Environment == nil {
			continue
		}
		for _, v := range b.Environment.EnvironmentVariables {
			if aws.ToString(v.Name) == variableTag && aws.ToString(v.Value) == o.Tag {
				return &b, nil
			}
		}
	}
	return nil, nil //nolint:nilnil // none is a good answer
}

// start uploads what the image is made of and starts the build.
func (c CodeBuild) start(ctx context.Context, b *app.Build, o ecr.Order) (*types.Build, error) {
	spec, err := c.Source.buildspec(b, o)
	if err != nil {
		return nil, err
	}
	engine.Progress(ctx, "uploading "+b.Context)
	location, err := c.send(ctx, b, upload(o))
	if err != nil {
		return nil, err
	}
	in := &codebuild.StartBuildInput{
		ProjectName: aws.String(o.Project), IdempotencyToken: aws.String(c.Nonce()),
		SourceTypeOverride: types.SourceTypeS3, SourceLocationOverride: aws.String(location), BuildspecOverride: aws.String(spec),
		EnvironmentVariablesOverride: []types.EnvironmentVariable{
			{Name: aws.String(variableName), Value: aws.String(o.Name), Type: types.EnvironmentVariableTypePlaintext},
			{Name: aws.String(variableTag), Value: aws.String(o.Tag), Type: types.EnvironmentVariableTypePlaintext},
		},
	}
	if len(b.Platforms) == 1 && b.Platforms[0] == "linux/arm64" {
		in.EnvironmentTypeOverride, in.ImageOverride = types.EnvironmentTypeArmContainer, aws.String(armImage)
	}
	if size := machine(b.ShmBytes); size != "" {
		in.ComputeTypeOverride = size
	}
	out, err := c.API.StartBuild(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("starting the build: %w", err)
	}
	return out.Build, nil
}

// machine is the size of a machine that has the shared memory that a build asks
// for; empty leaves it to the project.
func machine(shm int64) types.ComputeType {
	const gib = 1 << 30
	switch {
	case shm > 8*gib:
		return types.ComputeTypeBuildGeneral1Xlarge
	case shm > 4*gib:
		return types.ComputeTypeBuildGeneral1Large
	}
	return ""
}

// send packs the build's files into a file of its own and uploads it.
func (c CodeBuild) send(ctx context.Context, b *app.Build, name string) (location string, err error) {
	f, err := os.CreateTemp("", "berth-build-*.zip")
	if err != nil {
		return "", fmt.Errorf("packing the build: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if err := pack(ctx, b, f); err != nil {
		return "", err
	}
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("packing the build: %w", err)
	}
	return c.Uploads.Upload(ctx, name, f, info.Size())
}

// await waits for the end of a build and reports its phase.
func (c CodeBuild) await(ctx context.Context, run *types.Build) (*types.Build, error) {
	const pace = 3 * time.Second
	phase := ""
	for {
		if now := aws.ToString(run.CurrentPhase); now != phase {
			phase = now
			engine.Progress(ctx, "CodeBuild: "+strings.ToLower(strings.ReplaceAll(now, "_", " ")))
		}
		if run.BuildStatus != types.StatusTypeInProgress && run.BuildStatus != "" {
			return run, nil
		}
		if err := c.Clock.Sleep(ctx, pace); err != nil {
			return run, fmt.Errorf("the build was stopped: %w", err)
		}
		out, err := c.API.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: []string{aws.ToString(run.Id)}})
		if err != nil {
			return run, fmt.Errorf("waiting for the build: %w", err)
		}
		if len(out.Builds) > 0 {
			run = &out.Builds[0]
		}
	}
}

// stop ends a build that no run waits for any more.
func (c CodeBuild) stop(ctx context.Context, run *types.Build) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_, _ = c.API.StopBuild(ctx, &codebuild.StopBuildInput{Id: run.Id})
}

// failed is the error of a build, with the last lines of its log.
func (c CodeBuild) failed(ctx context.Context, b *app.Build, run *types.Build) error {
	out := newOutput(ctx, nil)
	why := "it ended with the status " + strings.ToLower(string(run.BuildStatus))
	for _, p := range run.Phases {
		for _, context := range p.Contexts {
			if p.PhaseStatus == types.StatusTypeFailed && aws.ToString(context.Message) != "" {
				why = aws.ToString(context.Message)
			}
		}
	}
	if l := run.Logs; l != nil && aws.ToString(l.GroupName) != "" && aws.ToString(l.StreamName) != "" {
		events, err := c.Logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: l.GroupName, LogStreamName: l.StreamName, Limit: aws.Int32(2 * lastLines), StartFromHead: aws.Bool(false),
		})
		if err == nil {
			for _, e := range events.Events {
				out.remember(aws.ToString(e.Message))
			}
		}
	}
	return out.failed("CodeBuild "+aws.ToString(run.Id), shownFile(b), errors.New(why))
}

var _ ecr.Builder = CodeBuild{}
