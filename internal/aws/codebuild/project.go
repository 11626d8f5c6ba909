package codebuild

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Project builds a stack's images. It costs nothing while no build runs; each
// build says what to build, and from what. Outputs: id (the name), arn.
type Project struct {
	Name string     `attr:"name,replace,own"`
	Role engine.Ref `attr:"role"`
	// Source is the object in S3, as BUCKET/KEY, that a build uses by default.
	Source string `attr:"source"`
	// Image is the image that builds run in, Compute the size of the machine.
	Image   string `attr:"image"`
	Compute string `attr:"compute"`
	// LogGroup receives the output of builds.
	LogGroup string `attr:"log_group"`
	// Minutes is the timeout of a build.
	Minutes int `attr:"minutes"`
}

// Principal is the service that assumes a project's role.
const Principal = "codebuild.amazonaws.com"

// Type implements engine.Resource.
func (Project) Type() string { return "codebuild.project" }

// Projects is the type of Project.
type Projects struct {
	API     *codebuild.Client
	Tagging *resourcegroupstaggingapi.Client
	// Roles says whether the owners have a role for builds, without which there is no
	// project; nil if that is not known.
	Roles func(context.Context, engine.Query) (bool, error)
	// Account, Region and Partition make ARNs.
	Account, Region, Partition string
}

// Spec implements engine.Type.
func (Projects) Spec() engine.Spec {
	return engine.Spec{Name: Project{}.Type(), Identity: engine.UniqueName}
}

// Create implements engine.Type. CodeBuild refuses a role that cannot be
// assumed yet, and the engine tries again.
func (t Projects) Create(ctx context.Context, w engine.Desired[Project]) (engine.Object, error) {
	name := w.Want.Name
	_, err := t.API.CreateProject(ctx, &codebuild.CreateProjectInput{
		Name: aws.String(name), ServiceRole: aws.String(w.Want.Role.Value()), Tags: tagsOf(w.Tags),
		Source: source(w.Want), Artifacts: noArtifacts(), Environment: environment(w.Want), LogsConfig: logs(w.Want),
		TimeoutInMinutes: aws.Int32(int32(w.Want.Minutes)), //nolint:gosec // at most 2160
	})
	if gate.IsExists(err) {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating build project %s: %w", name, err)
	}
	return engine.AsDesired(w, name, t.outputs(name)), nil
}

// take uses an existing project of the name: the desired state's own, after a creation
// without an answer, or one that the user adopts.
func (t Projects) take(ctx context.Context, w engine.Desired[Project]) (engine.Object, error) {
	name := w.Want.Name
	found, err := t.describe(gate.JustMade(ctx), []string{name})
	if err != nil {
		return engine.Object{}, err
	}
	if len(found) == 0 {
		return engine.Object{}, gate.Unlisted("build project " + name)
	}
	mark, _ := engine.MarkOf(tagMap(found[0].Tags))
	if err := w.Claim(mark, name, t.outputs(name)["arn"]); err != nil {
		return engine.Object{}, err
	}
	if mark.Address == w.Address && mark.LastApplied == w.Tags[engine.TagLastApplied] {
		return engine.AsDesired(w, name, t.outputs(name)), nil
	}
	return t.Update(ctx, w, engine.Object{ID: name}, nil)
}

// Update implements engine.Type: one call sets everything, including the tags.
func (t Projects) Update(ctx context.Context, w engine.Desired[Project], _ engine.Object, _ []string) (engine.Object, error) {
	name := w.Want.Name
	_, err := t.API.UpdateProject(ctx, &codebuild.UpdateProjectInput{
		Name: aws.String(name), ServiceRole: aws.String(w.Want.Role.Value()), Tags: tagsOf(w.Tags),
		Source: source(w.Want), Artifacts: noArtifacts(), Environment: environment(w.Want), LogsConfig: logs(w.Want),
		TimeoutInMinutes: aws.Int32(int32(w.Want.Minutes)), //nolint:gosec // at most 2160
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("changing build project %s: %w", name, err)
	}
	return engine.AsDesired(w, name, t.outputs(name)), nil
}

// Delete implements engine.Type. CodeBuild deletes the project's builds too,
// and answers with success if the project does not exist.
func (t Projects) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteProject(ctx, &codebuild.DeleteProjectInput{Name: aws.String(object.ID)})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting build project %s: %w", object.ID, err)
	}
	return nil
}

// buildspec is what a build does by default; all of berth's builds bring their
// own.
const buildspec = "version: 0.2\nphases: {build: {commands: [\"echo berth starts builds\"]}}\n"

func source(want Project) *types.ProjectSource {
	return &types.ProjectSource{Type: types.SourceTypeS3, Location: aws.String(want.Source), Buildspec: aws.String(buildspec)}
}

func noArtifacts() *types.ProjectArtifacts {
	return &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts}
}

// environment is privileged, because builds run a container engine.
func environment(want Project) *types.ProjectEnvironment {
	return &types.ProjectEnvironment{
		Type: types.EnvironmentTypeLinuxContainer, Image: aws.String(want.Image),
		ComputeType: types.ComputeType(want.Compute), PrivilegedMode: aws.Bool(true),
	}
}

func logs(want Project) *types.LogsConfig {
	return &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{
		Status: types.LogsConfigStatusTypeEnabled, GroupName: aws.String(want.LogGroup),
	}}
}

func (t Projects) outputs(name string) map[string]string {
	return map[string]string{
		"id": name, "arn": "arn:" + t.Partition + ":codebuild:" + t.Region + ":" + t.Account + ":project/" + name,
	}
}

func tagMap(list []types.Tag) map[string]string {
	return gate.TagMap(list, func(t types.Tag) (key, value *string) { return t.Key, t.Value })
}

func tagsOf(tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
}

var _ engine.Type[Project] = Projects{}
