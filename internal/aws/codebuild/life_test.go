package codebuild_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/codebuild"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, OnMoto: lifeOnMoto,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			role := newRole(t, cfg)
			typetest.Settle(t, cfg, c)
			return []*engine.Graph{desired(role, 60, nil), desired(role, 30, map[string]string{"team": "a"})}
		},
	})
}

// lifeOnMoto has no change: moto has no UpdateProject.
func lifeOnMoto(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	g := desired(newRole(t, cfg), 60, nil)
	d.Up(g, false)
	d.MustPlan("", g, true)
	if err := d.Blind(g, nil); err != nil {
		t.Error(err)
	}
	d.Down()
}

// life takes a project through its whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	role := newRole(t, cfg)
	first := desired(role, 60, map[string]string{"team": "a"})
	d.Up(first, false) // the role cannot be assumed at once
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 1 {
		t.Errorf("a reading took %d calls, want 1", got)
	}
	second := desired(role, 30, nil)
	d.Up(second, false)
	d.MustPlan("", second, true)
	_, err := sdk.NewFromConfig(cfg).UpdateProject(t.Context(), &sdk.UpdateProjectInput{
		Name: aws.String("build-demo"), LogsConfig: &types.LogsConfig{CloudWatchLogs: &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeDisabled}},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update codebuild.project/build (log_group changed outside berth)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)
	d.Down()
}

func TestAProjectOfAnotherIsNotTaken(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		role := newRole(t, cfg)
		typetest.Settle(t, cfg, clock.Wall{})
		_, err := sdk.NewFromConfig(cfg).CreateProject(t.Context(), &sdk.CreateProjectInput{
			Name: aws.String("build-demo"), ServiceRole: aws.String(role), Artifacts: &types.ProjectArtifacts{Type: types.ArtifactsTypeNoArtifacts},
			Source:      &types.ProjectSource{Type: types.SourceTypeNoSource, Buildspec: aws.String("version: 0.2")},
			Environment: &types.ProjectEnvironment{Type: types.EnvironmentTypeLinuxContainer, Image: aws.String("x"), ComputeType: types.ComputeTypeBuildGeneral1Small},
		})
		if err != nil {
			t.Fatal(err)
		}
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		if err := d.Try(t.Context(), desired(role, 60, nil), false, engine.PlanOptions{}); err == nil {
			t.Error("berth took a project that is not its own")
		}
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(codebuild.Projects{
		API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg),
		Account: "123456789012", Region: cfg.Region, Partition: "aws",
	})}
}

func newRole(t *testing.T, cfg aws.Config) string {
	t.Helper()
	out, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("builds"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Role.Arn)
}

func desired(role string, minutes int, labels map[string]string) *engine.Graph {
	g := engine.NewGraph()
	g.Add(typetest.Stack, "build", codebuild.Project{
		Name: "build-demo", Role: engine.Lit(role), Source: "berth-123456789012-eu-central-1/builds/none.zip", Image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
		Compute: "BUILD_GENERAL1_MEDIUM", LogGroup: "/berth/shop-dev/shop/builds", Minutes: minutes,
	}).Label(labels)
	return g
}
